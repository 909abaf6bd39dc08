//! The rules of clinical, administrative and workflow resources.

use super::Row;

/// The words, in order of the key.
pub(super) const WORDS: &[Row] = words! {
    "ait-1" =>
        "'clinicalStatus' is missing. Add it, such as active or resolved, unless 'verificationStatus' is \
         entered-in-error.";
    "ait-2" =>
        "'clinicalStatus' is not for an allergy that was entered in error. Remove it, or correct 'verificationStatus'.";
    "app-1" => "Nothing says who takes part. Add the 'actor', or the 'type' of participant, or both.";
    "app-2" => "Only one of 'start' and 'end' is given. Add the other one, or remove both.";
    "app-3" =>
        "'start' and 'end' are both needed unless 'status' is proposed or cancelled. Add them, or correct 'status'.";
    "apr-1" => "Nothing says whose response this is. Add 'actor' or 'participantType', or both.";
    "cmp-1" =>
        "The section has no 'text', no 'entry' and no 'section' below it. Add one (a 'text' can say that there is \
         nothing to report), or remove the section.";
    "cmp-2" => "The section has entries as well as a reason for having none. Keep 'entry' or 'emptyReason', not both.";
    "cmr-1" =>
        "'onBehalfOf' is only for a requester that is a practitioner or a device. Remove it, or let 'agent' refer to a \
         Practitioner or Device.";
    "com-1" => "'notDoneReason' is given, but 'notDone' is not true. Set 'notDone' to true, or remove the reason.";
    "con-1" => "Nothing is said of the stage. Add its 'summary' or 'assessment', or remove 'stage'.";
    "con-2" => "No evidence is given. Add its 'code' or 'detail', or remove 'evidence'.";
    "con-3" =>
        "'clinicalStatus' is missing. Add it, such as active or resolved, unless 'verificationStatus' is \
         entered-in-error.";
    "con-4" =>
        "'abatement[x]' says that the condition is over, and 'clinicalStatus' does not. Set it to resolved, remission \
         or inactive, or remove 'abatement[x]'.";
    "cpl-3" =>
        "The activity has both 'detail' and 'reference'. Describe it in 'detail' or point to it in 'reference', not \
         both.";
    "ctm-1" =>
        "'onBehalfOf' is only for a member who is a practitioner. Remove it, or let 'member' refer to a Practitioner.";
    "fhs-1" => "'age[x]' and 'born[x]' are both given. Keep only the one that is better known.";
    "fhs-2" => "'estimatedAge' is given without an age to describe. Add 'age[x]', or remove 'estimatedAge'.";
    "fhs-3" => "'notDoneReason' is given, but 'notDone' is not true. Set 'notDone' to true, or remove the reason.";
    "gol-1" =>
        "There is a 'detail[x]' to reach, but nothing says what is measured. Add 'measure', or remove 'detail[x]'.";
    "grp-1" => "A group that is only described cannot list its members. Remove 'member', or set 'actual' to true.";
    "imm-1" =>
        "'reaction' and 'explanation.reason' are only for a vaccine that was given. Remove them, or set 'notGiven' to \
         false.";
    "imm-2" =>
        "'explanation.reasonNotGiven' is only for a vaccine that was not given. Remove it, or set 'notGiven' to true.";
    "imr-1" => "Nothing says what to vaccinate with, or against what. Add 'vaccineCode' or 'targetDisease', or both.";
    "inv-1"
        ("lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn") =>
        "'lastModified' is earlier than 'authoredOn', or one of them is not precise enough to compare them. Correct \
         the dates.";
    "lnk-1" => "A linkage joins at least two records. Add another 'item'.";
    "lst-1" => "The list has entries as well as a reason for having none. Keep 'entry' or 'emptyReason', not both.";
    "lst-2" => "'entry.deleted' is only for a list of changes. Remove it, or set 'mode' to changes.";
    "mad-1" => "Nothing says how much was given, or how fast. Add 'dose' or 'rate[x]', or both.";
    "mad-2" => "'reasonNotGiven' is only for a medicine that was not given. Remove it, or set 'notGiven' to true.";
    "mad-3" =>
        "'reasonCode' is only for a medicine that was given. Remove it (why not goes in 'reasonNotGiven'), or set \
         'notGiven' to false.";
    "mda-1" => "'height' is not for a sound recording. Remove it, or correct 'type'.";
    "mda-2" => "'width' is not for a sound recording. Remove it, or correct 'type'.";
    "mda-3" => "'frames' is only for a photo. Remove it, or set 'type' to photo.";
    "mda-4" => "'duration' is not for a photo. Remove it, or correct 'type'.";
    "mdd-1" =>
        "'whenHandedOver' is earlier than 'whenPrepared', or one of them is not precise enough to compare them. \
         Correct the dates.";
    "mps-1" =>
        "'onBehalfOf' is only for a requester that is a practitioner or a device. Remove it, or let 'agent' refer to a \
         Practitioner or Device.";
    "mst-1" => "'reasonNotTaken' is only for a medicine that is not taken. Remove it, or set 'taken' to n.";
    "nor-1" => "The order does not say what to give. Add 'oralDiet', 'supplement' or 'enteralFormula'.";
    "obs-3" => "The reference range has no limits. Add 'low' or 'high', or describe it in 'text'.";
    "obs-6" =>
        "There is a value as well as a reason why there is none. Keep 'value[x]' or 'dataAbsentReason', not both.";
    "obs-7" =>
        "A 'component' has the same 'code' as the observation, which has a 'value[x]' already. Remove that component, \
         or give it the right 'code'.";
    "org-1" => "The organisation has neither a name nor an identifier. Add 'name' or 'identifier', or both.";
    "org-2" => "This 'address' of an organisation is said to be a home. Change its 'use', for example to work.";
    "org-3" => "This 'telecom' of an organisation is said to be at a home. Change its 'use', for example to work.";
    "pat-1" => "The contact has no details. Add 'name', 'telecom', 'address' or 'organization', or remove 'contact'.";
    "ppc-1" => "The consent does not say what policy it is about. Add 'policy' or 'policyRule'.";
    "pro-1" => "'notDoneReason' is given, but 'notDone' is not true. Set 'notDone' to true, or remove the reason.";
    "qrs-1" =>
        "The item has both an 'answer' and an 'item' beside it. Move what follows from the answer into 'answer.item'.";
    "que-1" =>
        "An item of 'type' group must have an 'item' below it, and one of 'type' display must have none. Add or remove \
         'item', or correct 'type'.";
    "que-10" =>
        "'maxLength' is only for an item of 'type' boolean, decimal, integer, string, text or url. Remove it, or \
         correct 'type'.";
    "que-2" => "Two items have the same 'linkId'. Give each item in the questionnaire its own.";
    "que-3" => "'code' is not for an item of 'type' display. Remove it, or correct 'type'.";
    "que-4" =>
        "'option' and 'options' are both given. List the answers in 'option' or name a value set in 'options', not \
         both.";
    "que-5" =>
        "'option' and 'options' are only for an item of 'type' choice or open-choice. Remove them, or correct 'type'.";
    "que-6" => "'required' and 'repeats' are not for an item of 'type' display. Remove them, or correct 'type'.";
    "que-7" =>
        "A condition asks either whether there is an answer or for a certain one. Give 'hasAnswer' or 'answer[x]', and \
         not both.";
    "que-8" => "'initial[x]' is not for an item of 'type' group or display. Remove it, or correct 'type'.";
    "que-9" => "'readOnly' is not for an item of 'type' display. Remove it, or correct 'type'.";
    "ras-1" =>
        "A range of probability is in per cent: 'low' and 'high' need the 'code' % and the 'system' \
         http://unitsofmeasure.org. Correct them.";
    "ras-2" => "'probabilityDecimal' is above 100. Give a percentage of at most 100.";
    "rfr-1" =>
        "'onBehalfOf' is only for a requester that is a practitioner or a device. Remove it, or let 'agent' refer to a \
         Practitioner or Device.";
    "rqg-1" => "An action has either a 'resource' or further steps in 'action'. Give one of them, and not both.";
    "seq-3" => "'coordinateSystem' is neither 0 nor 1. Set it to 0 if counting begins at 0, or to 1 if it begins at 1.";
    "seq-4" => "'strand' is neither 1 nor -1. Correct it, or remove it.";
    "seq-5" => "Only one of 'chromosome' and 'genomeBuild' is given. Add the other one, or remove both.";
    "seq-6" =>
        "A reference sequence is named in exactly one way. Give one of 'genomeBuild', 'referenceSeqId', \
         'referenceSeqPointer' and 'referenceSeqString', and remove the others.";
    "sev-1" => "'name' and 'query' are both given. Keep only one of them.";
    "vs-1" =>
        "The time of a vital sign must be known at least to the day. Give the year, month and day in \
         'effectiveDateTime'.";
    "vs-2" =>
        "There is no result. Add 'value[x]', or say in 'dataAbsentReason' why there is none, unless 'component' or \
         'related' has the results.";
    "vs-3" => "The component has no result. Add 'value[x]', or say in 'dataAbsentReason' why there is none.";
    "vs-4" =>
        "This 'category' does not say that it is a vital sign. Add a 'coding' with the 'system' \
         http://hl7.org/fhir/observation-category and the 'code' vital-signs.";
};
