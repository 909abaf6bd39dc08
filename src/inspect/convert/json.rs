//! The writing of JSON.

use super::{Writer, indent};
use crate::model::shape::quote;
use crate::tree::{Flags, Kind, NodeId};
use rustc_hash::FxHashMap;

impl Writer<'_, '_> {
    pub(super) fn json(&mut self) {
        let root = self.tree().root();
        self.json_object(root, 0);
        self.out.push('\n');
    }

    /// An object with the children of a node; with `resourceType` where it is a resource.
    fn json_object(&mut self, node: NodeId, depth: usize) {
        let members = self.members(node);
        let resource = self.tree().resource_type(node).map(str::to_owned);
        self.out.push('{');
        let mut is_first = true;
        if let Some(name) = resource {
            self.json_name("resourceType", depth, &mut is_first);
            quote(&name, &mut self.out);
        }
        self.json_members(&members, depth, &mut is_first);
        if !is_first {
            indent(depth, &mut self.out);
        }
        self.out.push('}');
    }

    fn json_name(&mut self, name: &str, depth: usize, is_first: &mut bool) {
        if !std::mem::take(is_first) {
            self.out.push(',');
        }
        indent(depth + 1, &mut self.out);
        quote(name, &mut self.out);
        self.out.push_str(": ");
    }

    fn json_members(&mut self, members: &[NodeId], depth: usize, is_first: &mut bool) {
        let tree = self.tree();
        let mut places = FxHashMap::default();
        let mut groups: Vec<Vec<NodeId>> = Vec::new();
        for member in members {
            let key = (tree.name_id(*member), tree.flags(*member).has(Flags::DUPLICATE));
            let at = *places.entry(key).or_insert(groups.len());
            match groups.get_mut(at) {
                Some(group) => group.push(*member),
                None => groups.push(vec![*member]),
            }
        }
        for items in groups {
            let Some(member) = items.first().filter(|_| !self.is_full()) else { return };
            let is_list =
                items.len() > 1 || tree.flags(*member).has(Flags::LIST) || tree.flags(*member).has(Flags::IN_ARRAY);
            let name = tree.name(*member).to_owned();
            if items.iter().all(|item| self.is_primitive(*item)) {
                self.json_primitives(&name, &items, is_list, depth, is_first);
                continue;
            }
            self.json_name(&name, depth, is_first);
            if !is_list {
                self.json_value(*member, depth + 1);
                continue;
            }
            self.json_list(&items, depth + 1, |writer, item, depth| writer.json_value(item, depth));
        }
    }

    fn json_list(&mut self, items: &[NodeId], depth: usize, mut write: impl FnMut(&mut Self, NodeId, usize)) {
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            if self.is_full() {
                break;
            }
            if at > 0 {
                self.out.push(',');
            }
            indent(depth + 1, &mut self.out);
            write(self, *item, depth + 1);
        }
        indent(depth, &mut self.out);
        self.out.push(']');
    }

    /// A primitive element with its values, and with `_name` where there are ids or extensions.
    fn json_primitives(&mut self, name: &str, items: &[NodeId], is_list: bool, depth: usize, is_first: &mut bool) {
        let tree = self.tree();
        let has_value = |node: &NodeId| tree.text(*node).is_some();
        let has_more = |node: &NodeId| tree.children(*node).next().is_some();
        let (items, empty): (Vec<NodeId>, Vec<NodeId>) =
            items.iter().copied().partition(|item| has_value(item) || has_more(item));
        for item in empty {
            self.lose(item, format!("'{name}' has no content, so it is left out."));
        }
        let items = &items[..];
        if items.iter().any(has_value) {
            self.json_name(name, depth, is_first);
            match items {
                [item] if !is_list => self.json_primitive(*item),
                _ => self.json_list(items, depth + 1, |writer, item, _| writer.json_primitive(item)),
            }
        }
        if items.iter().any(has_more) {
            self.json_name(&format!("_{name}"), depth, is_first);
            let more = |writer: &mut Self, item: NodeId, depth: usize| match has_more(&item) {
                true => {
                    let members = writer.members(item);
                    writer.out.push('{');
                    writer.json_members(&members, depth, &mut true);
                    indent(depth, &mut writer.out);
                    writer.out.push('}');
                }
                false => writer.out.push_str("null"),
            };
            match items {
                [item] if !is_list => more(self, *item, depth + 1),
                _ => self.json_list(items, depth + 1, more),
            }
        }
    }

    fn json_primitive(&mut self, node: NodeId) {
        let tree = self.tree();
        let Some(text) = tree.text(node) else {
            self.out.push_str("null");
            return;
        };
        let is_bare = match tree.kind(node) {
            Kind::Number | Kind::Boolean => true,
            Kind::Xml => match self.subject.typed.type_name(node) {
                Some("boolean") => matches!(text, "true" | "false"),
                Some("integer" | "decimal" | "positiveInt" | "unsignedInt") => is_number(text),
                _ => false,
            },
            _ => false,
        };
        if is_bare { self.out.push_str(text) } else { quote(text, &mut self.out) }
    }

    /// An element that is no primitive. One that has a value all the same keeps it.
    fn json_value(&mut self, node: NodeId, depth: usize) {
        let tree = self.tree();
        match tree.text(node) {
            Some(_) if tree.children(node).next().is_none() => self.json_primitive(node),
            Some(text) => {
                self.lose(
                    node,
                    format!("'{text}' is left out, as the element has others in it and JSON has no place for both."),
                );
                self.json_object(node, depth);
            }
            None => self.json_object(node, depth),
        }
    }
}

/// Whether a text is a number of JSON (RFC 8259 6).
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
