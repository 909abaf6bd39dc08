//! Parts that read better as a sentence or a question than as a list of elements.

use super::Builder;
use crate::render::context::Context;
use crate::render::model::{Importance, Piece, Row, Style};
use crate::render::{format, views, words};
use crate::tree::NodeId;

/// The type of the resource that a node is in.
pub(super) fn within<'a>(context: &Context<'a>, node: NodeId) -> &'a str {
    context.tree.resource_type(context.tree.resource_of(node)).unwrap_or("")
}

/// How bad an issue of an OperationOutcome is, the worst first.
pub(super) fn severity(context: &Context<'_>, issue: NodeId) -> usize {
    let code = context.peek(issue, "severity");
    ["fatal", "error", "warning", "information"].iter().position(|known| Some(*known) == code).unwrap_or(4)
}

/// Whether a node is a question of a Questionnaire or of the answers to one.
pub(super) fn is_question(context: &Context<'_>, node: NodeId) -> bool {
    context.tree.name(node) == "item" && within(context, node).starts_with("Questionnaire")
}

/// The line that goes before the parts of a node: what an exception to a consent or an issue says, in one sentence.
pub(super) fn lead(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    match (within(context, node), context.tree.name(node)) {
        ("Consent", "except") => context.unmarked(|context| exception(context, node)),
        ("OperationOutcome", "issue") => context.unmarked(|context| issue(context, node)),
        _ => Vec::new(),
    }
}

/// `DENIES access by Dr Brown for the purpose of research`.
fn exception(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let verb = match context.peek(node, "type") {
        Some("deny") => "DENIES {}",
        Some("permit") => "PERMITS {}",
        _ => return Vec::new(),
    };
    let list = |context: &mut Context<'_>, paths: &[&str]| {
        let mut all = Vec::new();
        for path in paths {
            for found in views::select(context, node, path) {
                all.extend(views::said(context, found).into_iter().next());
            }
        }
        words::list(context.options.language, &all)
    };
    let actions = list(context, &["action"]);
    let data = list(context, &["class", "code", "securityLabel", "data.reference"]);
    let what = match (actions.is_empty(), data.is_empty()) {
        (false, false) => context.fill("{} of {}", &[&actions, &data]),
        (false, true) => actions,
        (true, false) => data,
        (true, true) => context.say("(nothing further is said of what)"),
    };
    let mut sentence = context.fill(verb, &[&what]);
    for (phrase, paths) in
        [(" by {}", &["actor.reference"]), (" for the purpose {}", &["purpose"]), (", {}", &["period"])]
    {
        let said = list(context, paths);
        if !said.is_empty() {
            sentence.push_str(&context.fill(phrase, &[&said]));
        }
    }
    vec![Piece::new(Style::Warning, sentence)]
}

fn issue(context: &mut Context<'_>, node: NodeId) -> Vec<Piece> {
    let words = ["details", "diagnostics", "code"].iter().find_map(|path| {
        let found = views::select(context, node, path).into_iter().next()?;
        views::said(context, found).into_iter().next()
    });
    let severity =
        context.peek(node, "severity").map(|code| words::code_words(context.options.language, "severity", code));
    let text = match (severity, words) {
        (Some(severity), Some(words)) => format!("{severity}: {words}"),
        (severity, words) => severity.or(words).unwrap_or_default(),
    };
    if text.is_empty() { Vec::new() } else { vec![Piece::new(Style::Strong, text)] }
}

impl Builder<'_, '_> {
    /// A question: its text is the label, its answers the value; questions inside follow.
    pub(super) fn question(&mut self, node: NodeId, row: &mut Row, depth: usize) {
        let context = &mut *self.context;
        let is_answered = within(context, node) == "QuestionnaireResponse";
        let prefix = context.take_child(node, "prefix");
        let text = context.take_child(node, "text");
        let link = context.child(node, "linkId");
        row.label = match (prefix, text, link.and_then(|link| context.tree.text(link))) {
            (Some(prefix), Some(text), _) => format!("{prefix} {text}"),
            (None, Some(text), _) => text,
            (prefix, None, Some(link)) => {
                let question = context.fill("Question {}", &[&words::visible(link)]);
                prefix.map_or_else(|| question.clone(), |prefix| format!("{prefix} {question}"))
            }
            (prefix, None, None) => prefix.unwrap_or_else(|| context.say("Question without text")),
        };
        for answer in context.children(node, "answer") {
            if let Some(value) = self.context.choice(answer, "value")
                && self.context.claim(value)
            {
                if !row.value.is_empty() {
                    row.value.push(Piece::plain("; "));
                }
                row.value.extend(format::inline(self.context, value));
                self.empty(value, &mut row.value);
                self.left_over(value, &mut row.rows, depth + 1);
            }
            self.context.claim(answer);
            self.parts(answer, &mut row.rows, &[], depth + 1);
            self.empty(answer, &mut row.value);
        }
        let has_more = self.context.child(node, "item").is_some();
        if is_answered && row.value.is_empty() && !has_more {
            row.value.push(Piece::secondary(self.context.say("No answer")));
        }
        if self.context.child(node, "enableWhen").is_some() {
            row.value.push(Piece::new(Style::Warning, self.context.say("Asked only under a condition")));
            row.importance = Importance::Warning;
        }
        self.parts(node, &mut row.rows, &[], depth);
    }
}
