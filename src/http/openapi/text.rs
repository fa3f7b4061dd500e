//! The document as text: what fits on a line stands on one, so that the file is short and its changes are easy to see.

use serde_json::Value;

const WIDTH: usize = 160;
const INDENT: usize = 1;

/// A JSON value over as many lines as it needs, in the order it has.
#[must_use]
pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, 0, &mut out);
    out
}

/// Writes `value`, whose line is indented by `depth` and already holds `used` characters.
fn write(value: &Value, depth: usize, used: usize, out: &mut String) {
    let flat = flat(value);
    // The comma that may follow is part of the line.
    if used.saturating_add(flat.chars().count()) < WIDTH {
        out.push_str(&flat);
        return;
    }
    let inner = depth.saturating_add(INDENT);
    match value {
        Value::Object(members) if !members.is_empty() => {
            block(('{', '}'), depth, members.iter(), out, |(name, value), out| {
                let name = format!("{}: ", Value::from(name.as_str()));
                out.push_str(&name);
                write(value, inner, inner.saturating_add(name.chars().count()), out);
            });
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            fill(items, depth, out);
        }
        Value::Array(items) => {
            block(('[', ']'), depth, items.iter(), out, |value, out| write(value, inner, inner, out));
        }
        _ => out.push_str(&flat),
    }
}

fn block<T>(
    (open, close): (char, char),
    depth: usize,
    items: impl Iterator<Item = T>,
    out: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    out.push(open);
    for (at, item) in items.enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        out.push_str(&" ".repeat(depth.saturating_add(INDENT)));
        write(item, out);
    }
    out.push('\n');
    out.push_str(&" ".repeat(depth));
    out.push(close);
}

/// Writes plain values, as many on a line as fit.
fn fill(items: &[Value], depth: usize, out: &mut String) {
    let line_start = format!("\n{}", " ".repeat(depth.saturating_add(INDENT)));
    let mut used = WIDTH;
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        let item = item.to_string();
        let length = item.chars().count();
        if at > 0 {
            out.push(',');
        }
        if used.saturating_add(length).saturating_add(2) < WIDTH {
            out.push(' ');
            used = used.saturating_add(length).saturating_add(2);
        } else {
            out.push_str(&line_start);
            used = depth.saturating_add(INDENT).saturating_add(length);
        }
        out.push_str(&item);
    }
    out.push('\n');
    out.push_str(&" ".repeat(depth));
    out.push(']');
}

/// A JSON value on one line, with spaces where a person would put them.
fn flat(value: &Value) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members =
                members.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), flat(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_on_a_line_stands_on_one() {
        let value = json!({ "b": [1, 2], "a": { "long": "x".repeat(140), "other": {} } });
        let text = format!(
            "{{\n \"b\": [1, 2],\n \"a\": {{\n  \"long\": \"{}\",\n  \"other\": {{}}\n }}\n}}",
            "x".repeat(140)
        );
        assert_eq!(pretty(&value), text);
    }

    #[test]
    fn it_is_the_same_value() {
        let value = crate::http::system::document();
        assert_eq!(serde_json::from_str::<Value>(&pretty(value)).unwrap(), *value);
    }
}
