//! The rules of R4 whose key STU3 has for another rule, or does not have.

use super::Row;

/// The words, in order of the key; nothing where only the expression can be given.
pub(super) const WORDS: &[Row] = words! {
    "ait-1" =>
        "An allergy needs 'clinicalStatus', unless 'verificationStatus' is entered-in-error. Add it.";
    "ait-2" =>
        "What was entered in error has no 'clinicalStatus'. Remove it, or correct 'verificationStatus'.";
    "app-3" =>
        "An appointment needs 'start' and 'end', unless its status is proposed, cancelled or waitlist. Add them.";
    "bdl-10" => "This Bundle is a document, and does not say when it was put together. Add 'timestamp'.";
    "bdl-11" => "The first resource of a document is its Composition. Put it first, or correct 'type'.";
    "bdl-12" => "The first resource of a message is its MessageHeader. Put it first, or correct 'type'.";
    "bdl-3" =>
        "Each entry of a batch, transaction or history has a 'request', and no other entry does. Add it where it is \
         missing, or correct 'type'.";
    "bdl-4" =>
        "Each entry of a batch-response, transaction-response or history has a 'response', and no other entry does. Add \
         it where it is missing, or correct 'type'.";
    "con-3" =>
        "A problem on a list should have 'clinicalStatus', unless 'verificationStatus' is entered-in-error. Add it.";
    "con-4" =>
        "There is an abatement, so 'clinicalStatus' must be resolved, remission or inactive. Correct one or the other.";
    "con-5" =>
        "What was entered in error has no 'clinicalStatus'. Remove it, or correct 'verificationStatus'.";
    "cpb-14" => "";
    "cpb-15" => "";
    "cpb-16" => "";
    "eld-13" => "Each type is listed once: put all profiles and target profiles of a type into one entry.";
    "eld-4" => "";
    "imm-1" => "Educational material is named by 'documentType' or 'reference'. Add one of them.";
    "imm-2" => "";
    "que-10" => "";
    "que-4" => "A question has 'answerOption' or 'answerValueSet', and not both. Remove one of them.";
    "que-5" => "Answers to choose from are not for items of this type. Remove them, or correct 'type'.";
    "que-7" => "With the operator 'exists', a condition's answer is a boolean. Give 'answerBoolean'.";
    "sdf-5" => "An extension's definition says where the extension may be used. Add 'context'.";
    "vs-2" =>
        "There is no component or member, so a 'value[x]' or 'dataAbsentReason' is needed. Add one of them.";
};
