//! One answer against its question: its type, whether it is among the choices, and its limits.

use super::lookups::Choices;
use super::{Checker, Response, shorten};
use crate::check::reference::type_in_url;
use crate::check::value::compare;
use crate::issue::Problem;
use crate::model::questionnaire::{Item, Value};
use crate::terminology::Member;
use crate::tree::NodeId;

/// What choices a message lists before it breaks off.
const MOST: usize = 10;

/// The types that an answer to a question may have (STU3 8.9, `item-type`).
fn types<'i>(item: &'i Item, choices: &'i Choices) -> Option<Vec<&'i str>> {
    let one = |name| Some(vec![name]);
    match &*item.kind {
        "boolean" => one("boolean"),
        "decimal" => one("decimal"),
        "integer" => one("integer"),
        "date" => one("date"),
        "dateTime" => one("dateTime"),
        "time" => one("time"),
        "string" | "text" => one("string"),
        "url" => one("uri"),
        "attachment" => one("Attachment"),
        "reference" => one("Reference"),
        "quantity" => one("Quantity"),
        "choice" | "open-choice" => {
            let mut types: Vec<&str> = choices.types.iter().map(|name| &**name).collect();
            // Those of a value set are codings; without either, nothing says more than that there is a choice.
            if (item.value_set.is_some() || types.is_empty()) && !types.contains(&"Coding") {
                types.push("Coding");
            }
            if &*item.kind == "open-choice" && !types.contains(&"string") {
                types.push("string");
            }
            Some(types)
        }
        _ => None,
    }
}

impl<'c> Checker<'c> {
    /// Checks the value of one answer.
    pub(super) fn answer(&mut self, node: NodeId, item: &Item, response: &Response<'_, 'c>) {
        let tree = self.tree;
        let Some(value) = Value::read(tree, node, "value") else { return };
        let is_value = |child: &NodeId| self.typed.choice(tree, *child).is_some();
        let at = tree.children(node).find(is_value).unwrap_or(node);
        let choices = response.lookups.choices(item);
        if let Some(allowed) = types(item, &choices).filter(|allowed| !allowed.contains(&&*value.type_name)) {
            let problem = Problem::QuestionnaireAnswerType {
                link: item.link_id.to_string(),
                expected: allowed.join(" or "),
                found: value.type_name.to_string(),
            };
            self.find(at, Some(response.by), problem);
            return;
        }
        if matches!(&*item.kind, "choice" | "open-choice") {
            self.choice(at, &value, item, &choices, response);
        }
        for (limit, found) in self.broken_limits(at, &value, item, response) {
            let problem = Problem::QuestionnaireLimit { link: item.link_id.to_string(), limit, found };
            self.find(at, Some(response.by), problem);
        }
    }

    /// Whether an answer is among the choices.
    fn choice(&mut self, at: NodeId, value: &Value, item: &Item, choices: &Choices, response: &Response<'_, 'c>) {
        let is_free_text = &*item.kind == "open-choice" && &*value.type_name == "string";
        let is_coding = &*value.type_name == "Coding";
        if is_free_text || choices.has(value) {
            return;
        }
        let allowed = match &item.value_set {
            // A Coding without a code chooses nothing that could be looked up.
            Some(_) if is_coding && value.text.is_empty() => return,
            Some(url) if is_coding => {
                match self.among(url, value, response) {
                    Some(Ok(true)) => return,
                    Some(Ok(false)) => {}
                    Some(Err(reason)) => {
                        self.leave(at, url, &value.system, &value.text, reason);
                        return;
                    }
                    None => return,
                }
                format!("those of the value set {url}")
            }
            _ if item.options.is_empty() => return,
            _ => {
                let mut words: Vec<String> = item.options.iter().take(MOST).map(Value::words).collect();
                if item.options.len() > MOST {
                    words.push("…".to_owned());
                }
                words.join(", ")
            }
        };
        let (link, found) = (item.link_id.to_string(), shorten(&value.words()));
        let problem = match &*item.kind {
            "open-choice" => Problem::QuestionnaireOptionOpen { link, found, allowed },
            _ => Problem::QuestionnaireOption { link, found, allowed },
        };
        self.find(at, Some(response.by), problem);
    }

    /// Whether a coding is in a value set that is contained or loaded; why not, if that cannot be said.
    fn among(&self, url: &str, value: &Value, response: &Response<'_, 'c>) -> Option<Result<bool, String>> {
        let (system, code) = (&*value.system, &*value.text);
        let Some(id) = url.strip_prefix('#') else {
            return Some(match self.member(url, Some(system), code) {
                Member::In { .. } => Ok(true),
                Member::Out => Ok(false),
                Member::Unknown(reason) => Err(reason.words()),
            });
        };
        // A contained one that is not there is reported as a fault of the Questionnaire's reference.
        let (codes, is_listed) = response.lookups.contained(response.questionnaire, id, (system, code))?;
        if is_listed {
            return Some(Ok(true));
        }
        if codes.systems.iter().any(|of| **of == *system) {
            return Some(match self.definitions.lookup(system, code) {
                crate::terminology::Lookup::Known { .. } => Ok(true),
                crate::terminology::Lookup::NotInSystem if !codes.is_more => Ok(false),
                _ => Err(format!("The codes of {system} are not loaded.")),
            });
        }
        Some(match codes.is_more {
            true => Err("The contained value set is made by filters or of other value sets.".to_owned()),
            false => Ok(false),
        })
    }

    /// What of its limits an answer does not keep: the limit as "must …", and what was found.
    fn broken_limits(
        &mut self,
        at: NodeId,
        value: &Value,
        item: &Item,
        response: &Response<'_, 'c>,
    ) -> Vec<(String, String)> {
        let mut broken = Vec::new();
        let limits = &item.limits;
        let shown = || shorten(&value.words());
        if matches!(&*value.type_name, "string" | "uri") {
            let length = value.text.chars().count();
            if let Some(max) = limits.max_length.filter(|max| length > *max as usize) {
                broken.push((format!("have at most {max} characters"), length.to_string()));
            }
            if let Some(min) = limits.min_length.filter(|min| length < *min as usize) {
                broken.push((format!("have at least {min} characters"), length.to_string()));
            }
        }
        let number = match &*value.type_name {
            "Quantity" => &value.number,
            _ => &value.text,
        };
        if let Some(most) = limits.decimal_places
            && matches!(&*value.type_name, "decimal" | "Quantity")
            && number.split_once('.').is_some_and(|(_, digits)| digits.len() > most as usize)
        {
            broken.push((format!("have at most {most} digits after the point"), shown()));
        }
        let type_name = if &*value.type_name == "Quantity" { "decimal" } else { &value.type_name };
        let ordered = |limit: &Value| match type_name {
            "date" | "dateTime" | "time" | "decimal" | "integer" => compare(type_name, number, &limit.text),
            _ => None,
        };
        if let Some(least) = limits.min_value.as_ref().filter(|limit| ordered(limit).is_some_and(|order| order.is_lt()))
        {
            broken.push((format!("be at least {}", least.text), shown()));
        }
        if let Some(most) = limits.max_value.as_ref().filter(|limit| ordered(limit).is_some_and(|order| order.is_gt()))
        {
            broken.push((format!("be at most {}", most.text), shown()));
        }
        if let Some(regex) = limits.regex.as_deref().filter(|_| matches!(&*value.type_name, "string" | "uri")) {
            match response.lookups.expression(item, regex) {
                // Matching costs the product of the two.
                Some(_) if !self.spend(regex.len().saturating_mul(value.text.len()) / 16) => {}
                Some(compiled) if !compiled.is_match(&value.text) => {
                    broken.push((format!("have the form {regex}"), shown()));
                }
                Some(_) => {}
                None => {
                    let reason = "The Questionnaire's regular expression is not understood.".to_owned();
                    self.leave(at, regex, "", "", reason);
                }
            }
        }
        let refers_to = type_in_url(&value.text, |name| self.is_resource_type(name));
        if let Some(found) = refers_to.filter(|_| &*value.type_name == "Reference" && !limits.resources.is_empty())
            && !limits.resources.iter().any(|allowed| **allowed == *found)
        {
            broken.push((format!("refer to {}", limits.resources.join(" or ")), found.to_owned()));
        }
        if &*value.type_name == "Attachment"
            && !limits.mime_types.is_empty()
            && let Some(found) = self.tree.child_text(at, "contentType")
            && !limits.mime_types.iter().any(|allowed| **allowed == *found)
        {
            broken.push((format!("be of the type {}", limits.mime_types.join(" or ")), shorten(found)));
        }
        broken
    }
}
