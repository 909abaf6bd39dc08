//! The rules of conformance resources: definitions, terminology, statements and tests.

use super::Row;

/// The words, in order of the key.
pub(super) const WORDS: &[Row] = words! {
    "cmd-1" =>
        "A target that is narrower or inexact needs some explanation. Say in 'comment' how it differs, or correct \
         'equivalence'.";
    "cmd-2" => "'mode' is fixed, but the code to use is not given. Add 'code', or correct 'mode'.";
    "cmd-3" => "'mode' is other-map, but the map to use is not given. Add 'url', or correct 'mode'.";
    "cpb-1" => "The statement describes no interface. Add 'rest', 'messaging' or 'document'.";
    "cpb-12" => "Two entries in 'searchParam' have the same 'name'. Remove one of them.";
    "cpb-14" =>
        "'software' and 'implementation' are not for a statement of requirements. Remove them, or correct 'kind'.";
    "cpb-15" =>
        "'implementation' is not for a statement of what software can do in general. Remove it, or set 'kind' to \
         instance.";
    "cpb-16" => "Messages are described either in 'supportedMessage' or in 'event'. Give one of them, and not both.";
    "cpb-2" => "The statement does not say what it is about. Add 'description', 'software' or 'implementation'.";
    "cpb-3" => "'messaging.endpoint' is only for a system that is running. Remove it, or set 'kind' to instance.";
    "cpb-7" => "Two entries in 'document' have the same 'profile' and 'mode'. Remove one of them.";
    "cpb-8" => "Two entries in 'rest' have the same 'mode'. Merge them into one.";
    "cpb-9" => "Two entries in 'resource' have the same 'type'. Merge them into one.";
    "csd-1" => "Two concepts have the same 'code'. Give each concept in the code system its own.";
    "dae-1" => "'base' is not for the element of a DataElement. Remove it.";
    "dae-2" => "'slicing' is not for the element of a DataElement. Remove it.";
    "dae-3" => "The mapping is not named. Add 'name' or 'uri', or both.";
    "eld-1" => "Nothing says how the slices are told apart. Add a 'discriminator', or say it in 'description'.";
    "eld-10" => "The binding does not say which codes are meant. Add 'valueSet[x]', or say it in 'description'.";
    "eld-11" =>
        "The element has a 'binding', but none of its types holds a code. Remove 'binding', or add a 'type' such as \
         code, Coding or CodeableConcept.";
    "eld-12" => "'valueSetUri' is not a full address. Begin it with 'http:', 'https:' or 'urn:'.";
    "eld-13" => "Two entries in 'type' have the same 'code', 'profile' and 'targetProfile'. Remove one of them.";
    "eld-14" => "Two entries in 'constraint' have the same 'key'. Give each its own.";
    "eld-15" =>
        "There is a default as well as a meaning for having no value. Keep 'defaultValue[x]' or 'meaningWhenMissing', \
         not both.";
    "eld-16" => "'sliceName' has a character that is not allowed. Use letters, digits, '-', '_' and '/' only.";
    "eld-2" => "'min' is greater than 'max'. Lower 'min', or raise 'max'.";
    "eld-3" => "'max' is neither a whole number from zero up nor *. Correct it.";
    "eld-4" => "'aggregation' is only for a type whose 'code' is Reference. Remove it, or correct 'code'.";
    "eld-5" =>
        "'contentReference' takes the definition from another element. Remove it, or else 'type', 'binding', \
         'example', 'maxLength', 'fixed[x]', 'pattern[x]', 'defaultValue[x]', 'minValue[x]' and 'maxValue[x]'.";
    "eld-6" => "'fixed[x]' is given, but the value can have several types. Keep one 'type', or remove 'fixed[x]'.";
    "eld-7" => "'pattern[x]' is given, but the value can have several types. Keep one 'type', or remove 'pattern[x]'.";
    "eld-8" => "'fixed[x]' and 'pattern[x]' are both given. Keep only one of them.";
    "exp-3" => "Nothing says which designations to include. Add 'language' or 'use', or both.";
    "exp-4" => "Nothing says which designations to exclude. Add 'language' or 'use', or both.";
    "inv-1"
        ("operation.exists() xor assert.exists()") =>
        "An action is either an 'operation' or an 'assert'. Give one of them, and not both.";
    "inv-10" =>
        "'compareToSourceId' goes together with 'compareToSourceExpression' or 'compareToSourcePath', and only one \
         side is there. Add the other, or remove both.";
    "inv-11" =>
        "'compareToSourceId' goes together with 'compareToSourceExpression' or 'compareToSourcePath', and only one \
         side is there. Add the other, or remove both.";
    "inv-12" =>
        "'response' and 'responseCode' cannot be checked in a request. Remove them, or set 'direction' to response.";
    "inv-13" =>
        "'response' and 'responseCode' cannot be checked in a request. Remove them, or set 'direction' to response.";
    "inv-2" => "An action is either an 'operation' or an 'assert'. Give one of them, and not both.";
    "inv-3" =>
        "'expression', 'headerField' and 'path' are all given, and the variable can have one source only. Keep one of \
         them.";
    "inv-4" => "No capability is marked as required or validated. Set 'required' or 'validated' in 'capability'.";
    "inv-5" =>
        "The assertion checks several things at once. Keep one, such as 'responseCode', 'resource', 'expression', \
         'path' or 'headerField', and write an assertion of its own for each of the others.";
    "inv-6" =>
        "The assertion checks several things at once. Keep one, such as 'responseCode', 'resource', 'expression', \
         'path' or 'headerField', and write an assertion of its own for each of the others.";
    "inv-7" =>
        "The operation does not say what it works on. Add 'sourceId', or exactly one of 'targetId', 'url' and \
         'params', unless its 'type' is capabilities, search, transaction or history.";
    "inv-8" =>
        "The operation does not say what it works on. Add 'sourceId', or exactly one of 'targetId', 'url' and \
         'params', unless its 'type' is capabilities, search, transaction or history.";
    "inv-9" =>
        "The operation does not say what it works on. Add 'sourceId', or exactly one of 'targetId', 'url' and \
         'params', unless its 'type' is capabilities, search, transaction or history.";
    "md-1" => "'max' is neither a whole number above zero nor *. Correct it.";
    "nsd-1"
        ("kind != 'root' or uniqueId.all(type != 'uuid')") =>
        "A root cannot be identified by a UUID. Correct 'kind', or the 'type' of 'uniqueId'.";
    "nsd-2" => "Two entries in 'uniqueId' of the same 'type' are preferred. Keep 'preferred' on one of each 'type'.";
    "nsd-3" =>
        "'replacedBy' is only for a naming system that is no longer used. Remove it, or set 'status' to retired.";
    "opd-1" => "The parameter has neither a 'type' nor parts. Add 'type' or 'part'.";
    "opd-2" =>
        "There is a 'searchType', but the parameter is not of 'type' string. Remove 'searchType', or correct 'type'.";
    "sdf-1" =>
        "Two elements in 'snapshot' have the same 'path', which only a profile can have. Correct 'path', or \
         'derivation'.";
    "sdf-11" => "The first 'path' in 'snapshot' is not the 'type' of the definition. Correct one of them.";
    "sdf-12" =>
        "Only one is there of 'baseDefinition' and the 'base' of the elements in 'snapshot'. Add the other one, or \
         remove both.";
    "sdf-14" => "An element in 'snapshot' or 'differential' has no 'id'. Give one to each.";
    "sdf-15" =>
        "The 'snapshot' begins with an element that has a 'type', though it stands for the whole. Remove that 'type'.";
    "sdf-15a" =>
        "The 'differential' begins with an element that stands for the whole, and yet has a 'type'. Remove that \
         'type'.";
    "sdf-16" => "Two elements in 'snapshot' have the same 'id'. Give each its own.";
    "sdf-17" => "Two elements in 'differential' have the same 'id'. Give each its own.";
    "sdf-18" => "This definition is not of an extension, and yet has 'contextInvariant'. Remove it, or correct 'type'.";
    "sdf-19" =>
        "The 'code' of a type has other characters than letters and digits, which only a logical model can have. \
         Correct it, or 'kind'.";
    "sdf-2" => "The mapping is not named. Add 'name' or 'uri', or both.";
    "sdf-20" => "The first element in 'differential' cannot be sliced. Remove its 'slicing'.";
    "sdf-3" => "An element in 'snapshot' is not complete. Give each a 'definition', 'min' and 'max'.";
    "sdf-4" => "Nothing says what this definition is built on. Add 'baseDefinition', or set 'abstract' to true.";
    "sdf-5" => "Nothing says where the extension can be used. Add 'contextType' and 'context'.";
    "sdf-6" => "The definition has no elements. Add 'differential' or 'snapshot', or both.";
    "sdf-7" =>
        "Unless it is a profile or a logical model, a definition has the 'url' \
         http://hl7.org/fhir/StructureDefinition/ and its 'id'. Correct 'url', 'derivation' or 'kind'.";
    "sdf-8" =>
        "The first 'path' in 'snapshot' must be the 'type' of the definition, and every other must begin with it and a \
         dot. Correct the paths.";
    "sdf-8a" =>
        "Every 'path' in 'differential' must begin with the 'type' of the definition, with a dot after it in all but \
         the first. Correct the paths.";
    "sdf-9" =>
        "The first element stands for the whole, so 'label', 'code' and 'requirements' do not belong there. Remove \
         them.";
    "smp-1" => "'element' is given without the 'context' that it is part of. Add 'context', or remove 'element'.";
    "smp-2" => "'context' is given without saying how to read it. Add 'contextType', or remove 'context'.";
    "spd-1" => "'xpath' is given without saying how to use it. Add 'xpathUsage', such as normal, or remove 'xpath'.";
    "spd-2" => "'chain' is only for a search parameter of 'type' reference. Remove it, or correct 'type'.";
    "vsd-1" => "Nothing says where the codes come from. Add 'system' or 'valueSet', or both.";
    "vsd-10" => "There is a 'code' without the system that it comes from. Add 'system'.";
    "vsd-2" => "'concept' and 'filter' choose from a code system that is not named. Add 'system'.";
    "vsd-3" =>
        "'concept' and 'filter' are both given. List the codes in 'concept' or describe them in 'filter', not both.";
    "vsd-5" => "The value set does not say what is in it. Add 'compose' or 'expansion', or both.";
    "vsd-6" => "There is neither a 'code' nor a 'display'. Add one of them, or both.";
    "vsd-9" => "There is no 'code', so this can only be a heading. Add 'code', or set 'abstract' to true.";
};
