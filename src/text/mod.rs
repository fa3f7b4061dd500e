//! Vietnamese text: what may be stored, and how it is compared, sorted and searched.
//!
//! The rule: text is stored **as received, in NFC**, and is folded only for comparing. Spelling is never corrected, for
//! one article writes both "Tỉnh uỷ" and "Tỉnh ủy" and either may be a quotation. Beside a stored text stand the values
//! derived from it by these functions, the same in Rust for both databases, because `SQLite` FTS5 never folds đ and the
//! `unaccent` of `PostgreSQL` would disagree with it. Every function here is pure and never panics.
//!
//! | for | use | "Đảng ủy Công an" becomes |
//! |---|---|---|
//! | accepting input | [`line()`], [`prose()`] | the same, in NFC, or a [`TextFault`] |
//! | searching | [`fold()`] | `dang uy cong an` |
//! | sorting by name | [`sort_key`] | `d}ang.2 uy.2 co}ng an` |
//! | storing a document's symbol | [`canonical_symbol`], [`compose_symbol`] | |
//! | reading number and suffix off a symbol | [`read_symbol`] | |
//! | finding a document by its symbol | [`fold_symbol`], [`symbol_in`] | |
//! | finding what a text cites | [`citations()`] | |
//!
//! Start with `fold.rs`; the others build on what it says about marks and invisible characters. Whoever changes what a
//! key looks like must also recompute the keys that are stored.

mod citation;
mod citations;
mod clean;
mod fold;
mod order;
mod symbol;
mod symbol_key;
mod symbol_parts;

pub use citation::{CitationFault, symbol_in};
pub use citations::{Citation, CitedDate, citations};
pub use clean::{TextFault, line, prose};
pub use fold::{fold, nfc};
pub use order::sort_key;
pub use symbol::{NumberingStyle, canonical_symbol, compose_symbol};
pub use symbol_key::fold_symbol;
pub use symbol_parts::{SymbolParts, read_symbol};
