//! The rules of data types, of what all resources share, and of what carries resources: Bundle and Parameters.

use super::Row;

/// The words, in order of the key.
pub(super) const WORDS: &[Row] = words! {
    "age-1" =>
        "An age needs the UCUM 'code' of its unit, no other 'system' than http://unitsofmeasure.org, and a 'value' \
         above zero. Correct what differs.";
    "att-1" => "There is 'data', but nothing says what kind of file it is. Add 'contentType', such as application/pdf.";
    "bdl-1" =>
        "'total' is the number of matches of a search or history, and this bundle is neither. Remove 'total', or \
         correct 'type'.";
    "bdl-2" =>
        "An entry has 'search', which is only for search results. Remove 'entry.search', or set 'type' to searchset.";
    "bdl-3" =>
        "An entry has 'request', which is only for a batch, transaction or history. Remove 'entry.request', or correct \
         'type'.";
    "bdl-4" =>
        "An entry has 'response', which is only for a batch-response or transaction-response. Remove 'entry.response', \
         or correct 'type'.";
    "bdl-5" => "The entry has no 'resource', 'request' or 'response'. Add one of them, or remove the entry.";
    "bdl-7" =>
        "Two entries have the same 'fullUrl', and no 'meta.versionId' tells them apart. Remove the repeat, or give \
         each resource its own 'fullUrl'.";
    "bdl-8" =>
        "'fullUrl' leads to one version of the resource. Leave out '/_history/' and what follows; the version belongs \
         in 'meta.versionId'.";
    "bdl-9" =>
        "This bundle is a document, and its identity is incomplete. Add 'identifier' with both 'system' and 'value'.";
    "cnt-3" =>
        "A count is a whole number: its 'value' has no decimal point, its 'code' is 1 and its 'system' is \
         http://unitsofmeasure.org. Correct what differs.";
    "cpt-2" => "There is a 'value', but nothing says what kind of contact it is. Add 'system', such as phone or email.";
    "dis-1" =>
        "A distance needs the UCUM 'code' of its unit, and no other 'system' than http://unitsofmeasure.org. Add or \
         correct them.";
    "dom-1" =>
        "A contained resource has a narrative of its own. Remove its 'text', and say what is needed in the 'text' of \
         the resource around it.";
    "dom-2" => "A contained resource holds further resources. Move them to 'contained' of the outermost resource.";
    "dom-3" => "A resource in 'contained' is not used anywhere. Refer to it by '#' and its 'id', or remove it.";
    "dom-4" =>
        "A contained resource has no history of its own, so it cannot have 'meta.versionId' or 'meta.lastUpdated'. \
         Remove them from it.";
    "drt-1" =>
        "A duration with the 'code' of a unit also needs a 'value' and the 'system' http://unitsofmeasure.org. Add or \
         correct them.";
    "ele-1" => "There is nothing in this element. Give it some content, or leave it out.";
    "ext-1" => "An extension has either a 'value[x]' or further extensions in it. Give one of them, and not both.";
    "inv-1"
        ("(agent.resolve().empty()) or (agent.resolve() is Device) or (agent.resolve() is Practitioner) or \
          onBehalfOf.exists().not()") =>
        "'onBehalfOf' is only for a requester that is a practitioner or a device. Remove it, or let 'agent' refer to a \
         Practitioner or Device.";
    "inv-1"
        ("(part.exists() and value.empty() and resource.empty()) or (part.empty() and (value.exists() xor \
          resource.exists()))") =>
        "A parameter holds exactly one of 'value[x]', 'resource' and 'part'. Add one if there is none, and remove what \
         is too much.";
    "inv-1"
        ("notDone or notDoneReason.exists().not()") =>
        "'notDoneReason' is given, but 'notDone' is not true. Set 'notDone' to true, or remove the reason.";
    "mny-1" =>
        "An amount of money needs a currency. Put its three letters, such as GBP, in 'code'; the only 'system' allowed \
         is urn:iso:std:iso:4217.";
    "per-1" =>
        "'end' is earlier than 'start'. Correct the dates.";
    "qty-3" =>
        "There is the 'code' of a unit without the system that it comes from. Add 'system', such as \
         http://unitsofmeasure.org, or remove 'code'.";
    "rat-1" =>
        "A ratio needs both 'numerator' and 'denominator'. Give both, or neither and an 'extension' in their place.";
    "ref-1" =>
        "The reference begins with '#', but no contained resource has that 'id'. Correct 'reference', or add the \
         resource to 'contained'.";
    "rng-2" => "'low' is above 'high'. Correct the two limits.";
    "sqty-1" =>
        "Only an exact quantity is allowed here, and this one has a 'comparator' such as < or >. Give the exact \
         'value' without a 'comparator'.";
    "tim-1" => "There is a 'duration' without its unit. Add 'durationUnit', such as h or d.";
    "tim-10" => "'timeOfDay' and 'when' are both given. Keep only one of them.";
    "tim-2" => "There is a 'period' without its unit. Add 'periodUnit', such as h or d.";
    "tim-4" => "'duration' is below zero. Give zero or more.";
    "tim-5" => "'period' is below zero. Give zero or more.";
    "tim-6" => "'periodMax' is the upper limit to a 'period' that is not given. Add 'period', or remove 'periodMax'.";
    "tim-7" =>
        "'durationMax' is the upper limit to a 'duration' that is not given. Add 'duration', or remove 'durationMax'.";
    "tim-8" => "'countMax' is the upper limit to a 'count' that is not given. Add 'count', or remove 'countMax'.";
    "tim-9" =>
        "'offset' needs an event in 'when' that can have a before and an after, not a meal itself (C, CM, CD or CV). \
         Give one, such as AC or PC, or remove 'offset'.";
    "txt-1" =>
        "The narrative has more than plain formatting in 'div'. Keep to basic formatting, lists, tables, links and \
         images.";
    "txt-2" => "The narrative has no text and no image in 'div'. Write what the resource says, or leave out 'text'.";
};
