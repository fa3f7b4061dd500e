//! The rules of `deny.toml` for dependencies, but for advisories: those of `cargo deny check bans licenses sources`, held here so
//! that they hold wherever the tests run. To build that tool takes longer than to build and test the service.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use semver::{Version, VersionReq};
use serde::Deserialize;
use serde_json::Value;
use spdx::{Expression, LicenseItem, ParseMode};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
struct Rules {
    graph: Graph,
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Graph {
    targets: [String; 1],
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    skip: Vec<Named>,
    deny: Vec<Named>,
}

/// A crate, or some versions of one, and why it stands in a list.
#[derive(Deserialize)]
struct Named {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

impl Named {
    fn is(&self, package: &Package) -> bool {
        match self.name.split_once('@') {
            Some((name, versions)) => {
                name == package.name && VersionReq::parse(versions).unwrap().matches(&package.version())
            }
            None => self.name == package.name,
        }
    }
}

/// A package, as `cargo metadata` and the lock file tell of it.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    /// Where it is from; a package of this folder is from nowhere.
    source: Option<String>,
    license: Option<String>,
    #[serde(default)]
    dependencies: Value,
}

impl Package {
    fn version(&self) -> Version {
        self.version.parse().unwrap()
    }

    fn named(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            source: Some(CRATES_IO.to_owned()),
            license: Some("MIT".to_owned()),
            dependencies: Value::Null,
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> Rules {
    toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).unwrap()).unwrap()
}

/// What a command of cargo prints about this folder.
fn cargo(arguments: &[&str]) -> String {
    let cargo = Command::new(env!("CARGO")).args(arguments).arg("--locked").current_dir(root()).output().unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    String::from_utf8(cargo.stdout).unwrap()
}

/// What the service and its tests are built of: of the packages that cargo knows those in its tree, since it knows those of
/// features that are off too.
fn built_of(rules: &Rules) -> Vec<Package> {
    let [target] = &rules.graph.targets;
    let tree = cargo(&["tree", "--target", target, "--edges", "normal,build,dev", "--prefix", "none"]);
    let built: BTreeSet<String> =
        tree.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let metadata = cargo(&["metadata", "--format-version", "1", "--filter-platform", target]);
    let mut metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages: Vec<Package> = serde_json::from_value(metadata.pointer_mut("/packages").unwrap().take()).unwrap();
    let packages: Vec<Package> =
        packages.into_iter().filter(|it| built.contains(&format!("{} v{}", it.name, it.version))).collect();
    assert_eq!(packages.len(), built.len(), "all that is built is known");
    packages
}

/// What a lock file names, for any platform. It says nothing of licences.
fn locked(file: &str) -> Vec<Package> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    toml::from_str::<Lock>(&std::fs::read_to_string(root().join(file)).unwrap()).unwrap().package
}

/// Crates that must not be there, in this version or at all.
fn banned(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let bans = packages.iter().flat_map(|package| {
        let rules = rules.bans.deny.iter().filter(|rule| rule.is(package));
        rules.map(|rule| format!("{} {}: {}", package.name, package.version, rule.reason))
    });
    bans.collect()
}

/// Packages that are from anywhere but crates.io or this folder.
fn from_elsewhere(packages: &[Package]) -> Vec<String> {
    let sources = packages.iter().filter_map(|package| Some((package, package.source.as_deref()?)));
    sources.filter(|(_, source)| *source != CRATES_IO).map(|(it, source)| format!("{}: {source}", it.name)).collect()
}

/// Packages whose licence is not one of those allowed, by an expression of SPDX.
fn unlicensed(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let allowed = |package: &Package| {
        let exceptions = rules.licenses.exceptions.iter().filter(|rule| rule.name == package.name);
        let names: Vec<&String> = exceptions.flat_map(|rule| &rule.allow).chain(&rules.licenses.allow).collect();
        // Old packages write `MIT/Apache-2.0` for a choice.
        let expression = package.license.as_deref().and_then(|text| Expression::parse_mode(text, ParseMode::LAX).ok());
        let Some(expression) = expression else {
            return false;
        };
        // What is allowed has no exceptions of its own, such as `WITH LLVM-exception`.
        expression.evaluate(|needed| match (&needed.license, &needed.addition) {
            (LicenseItem::Spdx { id, .. }, None) => names.iter().any(|name| *name == id.name),
            _ => false,
        })
    };
    let wrong = packages.iter().filter(|package| !allowed(package));
    wrong.map(|package| format!("{}: {:?}", package.name, package.license)).collect()
}

/// Crates of which there are two versions, though no rule says why.
fn doubled(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for package in packages.iter().filter(|package| !rules.bans.skip.iter().any(|rule| rule.is(package))) {
        versions.entry(&package.name).or_default().push(package.version.clone());
    }
    versions.into_iter().filter(|(_, all)| all.len() > 1).map(|(name, all)| format!("{name}: {all:?}")).collect()
}

/// Dependencies of the packages of this folder that take any version.
fn of_any_version(packages: &[Package]) -> Vec<String> {
    let own = packages.iter().filter(|package| package.source.is_none());
    let dependencies = own.flat_map(|package| package.dependencies.as_array().into_iter().flatten());
    dependencies.filter(|it| it["req"] == "*").map(|it| it["name"].to_string()).collect()
}

const NONE: [String; 0] = [];

#[test]
fn no_crate_is_banned() {
    let rules = rules();
    for file in ["Cargo.lock", "benches/speed/Cargo.lock"] {
        assert_eq!(banned(&rules, &locked(file)), NONE, "{file}");
    }
}

#[test]
fn every_crate_is_from_the_registry() {
    for file in ["Cargo.lock", "benches/speed/Cargo.lock"] {
        assert_eq!(from_elsewhere(&locked(file)), NONE, "{file}");
    }
}

#[test]
fn every_crate_has_a_licence_that_is_allowed() {
    let rules = rules();
    assert_eq!(unlicensed(&rules, &built_of(&rules)), NONE);
}

#[test]
fn no_crate_is_there_in_two_versions_without_a_reason() {
    let rules = rules();
    let packages = built_of(&rules);
    assert_eq!(doubled(&rules, &packages), NONE);
    let idle = rules.bans.skip.iter().filter(|rule| !packages.iter().any(|package| rule.is(package)));
    assert_eq!(idle.map(|rule| rule.name.clone()).collect::<Vec<_>>(), NONE, "no longer there");
}

#[test]
fn every_dependency_says_which_version_it_needs() {
    assert_eq!(of_any_version(&built_of(&rules())), NONE);
}

#[test]
fn what_the_rules_forbid_is_found() {
    let rules = rules();
    let old = [Package::named("libsqlite3-sys", "0.37.9"), Package::named("libsqlite3-sys", "0.38.0")];
    assert_eq!(banned(&rules, &old), ["libsqlite3-sys 0.37.9: SQLite before 3.51.3 can corrupt its write-ahead log"]);
    assert_eq!(banned(&rules, &[Package::named("rsa", "9.9.9")]), ["rsa 9.9.9: RUSTSEC-2023-0071"]);
    assert_eq!(doubled(&rules, &old), [r#"libsqlite3-sys: ["0.37.9", "0.38.0"]"#]);

    let fork = Package { source: Some("git+https://example.org/fork".to_owned()), ..Package::named("fork", "1.0.0") };
    assert_eq!(from_elsewhere(&[fork]), ["fork: git+https://example.org/fork"]);

    let under = |license: &str| Package { license: Some(license.to_owned()), ..Package::named("it", "1.0.0") };
    for license in ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "Zlib AND (ISC OR GPL-3.0-or-later)"] {
        assert_eq!(unlicensed(&rules, &[under(license)]), NONE, "{license}");
    }
    for license in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "PostgreSQL", "Apache-2.0 WITH LLVM-exception", "its own"] {
        assert_eq!(unlicensed(&rules, &[under(license)]), [format!("it: Some({license:?})")]);
    }
    assert_eq!(unlicensed(&rules, &[Package { license: None, ..Package::named("it", "1.0.0") }]), ["it: None"]);

    let loose = serde_json::json!([{ "name": "serde", "req": "*" }, { "name": "log", "req": "^0.4" }]);
    let own = Package { source: None, dependencies: loose, ..Package::named("own", "1.0.0") };
    assert_eq!(of_any_version(&[own]), [r#""serde""#]);
}
