//! How a family of rules with published sources is written down: one row for each, with code, severity, source and words.

/// Writes the enum of a family of rules and its properties from one table.
macro_rules! problem_table {
    ($(#[doc = $about:literal])+ $table:ident;
     $($(#[doc = $doc:literal])+ $name:ident $({ $($(#[doc = $field_doc:literal])* $field:ident: $type:ty),+ $(,)? })?
        = $rule:literal, $severity:ident, $kind:ident, $source:literal, $message:literal;)+) => {
        $(#[doc = $about])+
        #[derive(Debug)]
        #[allow(missing_docs, reason = "the fields are the words of the message")]
        pub enum $table {
            $($(#[doc = $doc])+ $name $({ $($(#[doc = $field_doc])* $field: $type),+ })?,)+
        }

        impl $table {
            /// Every rule's permanent code, its usual severity, and its explanation with its source, in the order of the table.
            pub const RULES: &'static [(&'static str, Severity, &'static str)] =
                &[$(($rule, Severity::$severity, concat!($($doc, "\n"),+, "\nSource: ", $source, "\n")),)+];

            /// The permanent code, in kebab case.
            pub fn rule(&self) -> &'static str {
                match self { $($table::$name { .. } => $rule,)+ }
            }

            /// How bad it usually is.
            pub fn severity(&self) -> Severity {
                match self { $($table::$name { .. } => Severity::$severity,)+ }
            }

            /// FHIR's kind of issue.
            pub fn kind(&self) -> IssueType {
                match self { $($table::$name { .. } => IssueType::$kind,)+ }
            }

            /// What is wrong, what was expected and how to put it right, in plain English.
            pub fn message(&self) -> String {
                match self { $($table::$name $({ $($field),+ })? => format!($message),)+ }
            }
        }

        impl Bound for $table {
            fn bound(&mut self) {
                match self { $($table::$name $({ $($field),+ })? => { $($($field.bound();)+)? })+ }
            }
        }
    };
}
