//! Where a small fault can be put into Rust source, and what it is.

use anyhow::{Context, Result};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ReturnType, Stmt, Type, UnOp};

/// A place in a file, and the fault for it.
pub struct Place {
    /// The bytes that are replaced.
    pub range: Range<usize>,
    /// The function that it stands in.
    pub function: String,
    /// What is done: `== to !=`.
    pub what: String,
    /// The first line of the source there.
    pub text: String,
    /// The new source, in which `$` stands for whether the fault is on.
    new: String,
}

impl Place {
    /// The new source, with the fault behind the switch of this number.
    pub fn replacement(&self, number: usize) -> String {
        self.new.replace('$', &format!("crate::mutant({number})"))
    }
}

/// Every place of a file.
pub fn places(source: &str) -> Result<Vec<Place>> {
    let file = syn::parse_file(source).context("the source could not be read")?;
    let mut finder = Finder { source, function: String::new(), places: Vec::new() };
    finder.visit_file(&file);
    finder.places.retain(|place| !source[place.range.clone()].contains('$'));
    Ok(finder.places)
}

struct Finder<'s> {
    source: &'s str,
    function: String,
    places: Vec<Place>,
}

impl Finder<'_> {
    fn text(&self, spanned: &impl Spanned) -> &str {
        &self.source[spanned.span().byte_range()]
    }

    fn add(&mut self, range: Range<usize>, shown: Range<usize>, what: &str, new: String) {
        let text = self.source[shown].lines().next().unwrap_or_default();
        let text: String = text.chars().take(100).collect();
        self.places.push(Place {
            range,
            function: self.function.clone(),
            what: what.to_owned(),
            text: text.replace('\t', " ").trim().to_owned(),
            new,
        });
    }

    /// The faults of a function as a whole: that it gives back the same whatever it is asked.
    fn function(&mut self, name: &syn::Ident, signature: &syn::Signature, block: &syn::Block) {
        let outer = std::mem::replace(&mut self.function, name.to_string());
        if signature.constness.is_none() {
            let values: &[&str] = match &signature.output {
                ReturnType::Default => &["()"],
                ReturnType::Type(_, of) => match &**of {
                    Type::Path(path) => match path.path.segments.last().map(|last| last.ident.to_string()).as_deref() {
                        Some("bool") => &["true", "false"],
                        Some("Option") => &["None"],
                        Some("String") => &["String::new()"],
                        Some("Vec") => &["Vec::new()"],
                        Some("u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64") => &["0", "1"],
                        _ => &[],
                    },
                    _ => &[],
                },
            };
            let start = block.brace_token.span.open().byte_range().end;
            for value in values {
                let what = format!("gives back {value}");
                let new = format!(" if $ {{ return {value}; }} ");
                self.add(start..start, signature.span().byte_range(), &what, new);
            }
            visit::visit_block(self, block);
        }
        self.function = outer;
    }
}

/// Whether an expression has a `let` in it, as a condition may: such a one cannot be put into brackets.
fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

/// Attributes that take a piece of source out of what is tried.
fn is_left_out(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("test"))
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            // What is worked out when it is compiled cannot be switched.
            syn::Item::Const(_) | syn::Item::Static(_) | syn::Item::Macro(_) => {}
            syn::Item::Mod(module) if is_left_out(&module.attrs) => {}
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_type(&mut self, _: &'ast Type) {}

    fn visit_pat(&mut self, _: &'ast syn::Pat) {}

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_left_out(&item.attrs) {
            self.function(&item.sig.ident, &item.sig, &item.block);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_left_out(&item.attrs) {
            self.function(&item.sig.ident, &item.sig, &item.block);
        }
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        let is_const = matches!(stmt, Stmt::Item(syn::Item::Const(_) | syn::Item::Static(_)));
        if !is_const {
            visit::visit_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        let range = expr.span().byte_range();
        match expr {
            Expr::Binary(binary) if !has_let(expr) => {
                let with = match binary.op {
                    BinOp::Eq(_) => "!=",
                    BinOp::Ne(_) => "==",
                    BinOp::Lt(_) => "<=",
                    BinOp::Le(_) => "<",
                    BinOp::Gt(_) => ">=",
                    BinOp::Ge(_) => ">",
                    BinOp::And(_) => "||",
                    BinOp::Or(_) => "&&",
                    BinOp::Add(_) if is_number(&binary.right) => "-",
                    BinOp::Sub(_) if is_number(&binary.right) => "+",
                    _ => "",
                };
                if !with.is_empty() {
                    let (left, right) = (self.text(&binary.left).to_owned(), self.text(&binary.right).to_owned());
                    let op = self.text(&binary.op).to_owned();
                    let whole = self.source[range.clone()].to_owned();
                    let new = format!("(if $ {{ ({left}) {with} ({right}) }} else {{ {whole} }})");
                    self.add(range.clone(), range.clone(), &format!("{op} to {with}"), new);
                }
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let inner = self.text(&unary.expr).to_owned();
                let whole = self.source[range.clone()].to_owned();
                let new = format!("(if $ {{ {inner} }} else {{ {whole} }})");
                self.add(range.clone(), range.clone(), "without !", new);
            }
            Expr::If(branch) if !has_let(&branch.cond) => {
                let condition = branch.cond.span().byte_range();
                let new = format!("$ != ({})", &self.source[condition.clone()]);
                self.add(condition.clone(), condition, "if to if not", new);
            }
            Expr::Match(choice) => {
                let has_rest = choice
                    .arms
                    .last()
                    .is_some_and(|last| matches!(last.pat, syn::Pat::Wild(_)) && last.guard.is_none());
                for arm in choice.arms.iter().rev().skip(1).filter(|arm| has_rest && arm.guard.is_none()) {
                    let at = arm.pat.span().byte_range();
                    let pattern = self.source[at.clone()].to_owned();
                    let new = format!("{pattern} if !$");
                    self.add(at.clone(), at, "without this arm", new);
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}

/// Whether an expression is a whole number as it stands.
fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Int(_)))
}
