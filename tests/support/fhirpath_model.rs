//! A host for tests of FHIRPath: the elements and types of the resources that HL7's suites use, in R4's form, which is close
//! enough to R5's and STU3's for what the tests ask.

use careconnect::fhirpath::{Host, Resolved, types};
use careconnect::tree::{NodeId, Tree};
use std::collections::HashMap;

/// A type, then its elements with their types; a choice has several. `!` marks a type of which every element is listed here.
const TYPES: &str = "
Element id:string extension:Extension
Extension! url:uri value:string|integer|decimal|boolean|date|dateTime|time|code|uri|Quantity|Age|CodeableConcept|Coding|Period|Reference|Identifier
HumanName! use:code text:string family:string given:string prefix:string suffix:string period:Period
Address! use:code type:code text:string line:string city:string district:string state:string postalCode:string country:string period:Period
ContactPoint! system:code value:string use:code rank:positiveInt period:Period
Identifier! use:code type:CodeableConcept system:uri value:string period:Period assigner:Reference
Period! start:dateTime end:dateTime
Coding! system:uri version:string code:code display:string userSelected:boolean
CodeableConcept! coding:Coding text:string
Quantity! value:decimal comparator:code unit:string system:uri code:code
Reference! reference:string type:uri identifier:Identifier display:string
Range! low:Quantity high:Quantity
Annotation! author:string|Reference time:dateTime text:markdown
Narrative! status:code div:xhtml
Meta! versionId:id lastUpdated:instant source:uri profile:canonical security:Coding tag:Coding
Attachment contentType:code language:code url:url title:string
Timing event:dateTime repeat:Timing.repeat code:CodeableConcept
Timing.repeat count:positiveInt when:code offset:unsignedInt
UsageContext code:Coding value:CodeableConcept|Quantity
ContactDetail! name:string telecom:ContactPoint
Resource! id:id meta:Meta implicitRules:uri language:code
DomainResource! text:Narrative contained:Resource extension:Extension modifierExtension:Extension
Patient! identifier:Identifier active:boolean name:HumanName telecom:ContactPoint gender:code birthDate:date deceased:boolean|dateTime address:Address maritalStatus:CodeableConcept multipleBirth:boolean|integer photo:Attachment contact:Patient.contact communication:Patient.communication generalPractitioner:Reference managingOrganization:Reference link:Patient.link
Patient.contact! relationship:CodeableConcept name:HumanName telecom:ContactPoint address:Address gender:code organization:Reference period:Period
Patient.communication! language:CodeableConcept preferred:boolean
Patient.link! other:Reference type:code
Observation! identifier:Identifier basedOn:Reference partOf:Reference status:code category:CodeableConcept code:CodeableConcept subject:Reference focus:Reference encounter:Reference effective:dateTime|Period|instant|Timing issued:instant performer:Reference value:Quantity|CodeableConcept|string|boolean|integer|Range|time|dateTime|Period dataAbsentReason:CodeableConcept interpretation:CodeableConcept note:Annotation bodySite:CodeableConcept method:CodeableConcept specimen:Reference device:Reference referenceRange:Observation.referenceRange hasMember:Reference derivedFrom:Reference component:Observation.component
Observation.referenceRange low:Quantity high:Quantity type:CodeableConcept text:string
Observation.component code:CodeableConcept value:Quantity|string dataAbsentReason:CodeableConcept
Questionnaire url:uri version:string name:string title:string status:code date:dateTime publisher:string code:Coding subjectType:code item:Questionnaire.item
Questionnaire.item linkId:string definition:uri code:Coding prefix:string text:string type:code required:boolean repeats:boolean readOnly:boolean maxLength:integer answerValueSet:canonical item:Questionnaire.item
ValueSet url:uri identifier:Identifier version:string name:string title:string status:code experimental:boolean date:dateTime publisher:string contact:ContactDetail description:markdown immutable:boolean copyright:markdown compose:ValueSet.compose expansion:ValueSet.expansion
ValueSet.expansion identifier:uri timestamp:dateTime total:integer offset:integer parameter:ValueSet.expansion.parameter contains:ValueSet.expansion.contains
ValueSet.expansion.parameter name:string value:string|uri
ValueSet.expansion.contains system:uri abstract:boolean inactive:boolean version:string code:code display:string contains:ValueSet.expansion.contains
CodeSystem url:uri version:string name:string status:code caseSensitive:boolean content:code concept:CodeSystem.concept
CodeSystem.concept code:code display:string definition:string concept:CodeSystem.concept
ConceptMap url:uri version:string name:string status:code group:ConceptMap.group
ConceptMap.group source:canonical target:canonical element:ConceptMap.group.element unmapped:ConceptMap.group.unmapped
ConceptMap.group.element code:code display:string noMap:boolean target:ConceptMap.group.element.target
ConceptMap.group.element.target code:code display:string relationship:code comment:string
Parameters parameter:Parameters.parameter
Parameters.parameter name:string value:string|integer|uuid|decimal|boolean|code resource:Resource part:Parameters.parameter
Appointment identifier:Identifier status:code start:instant end:instant minutesDuration:positiveInt created:dateTime
ExplanationOfBenefit identifier:Identifier status:code supportingInfo:ExplanationOfBenefit.supportingInfo item:ExplanationOfBenefit.item
ExplanationOfBenefit.supportingInfo sequence:positiveInt category:CodeableConcept code:CodeableConcept
ExplanationOfBenefit.item sequence:positiveInt informationSequence:positiveInt
DiagnosticReport identifier:Identifier status:code code:CodeableConcept result:Reference composition:Reference
Composition identifier:Identifier status:code section:Composition.section
Composition.section title:string code:CodeableConcept entry:Reference section:Composition.section
";

struct Type {
    closed: bool,
    elements: HashMap<&'static str, Vec<&'static str>>,
}

/// The host.
pub struct Model {
    types: HashMap<&'static str, Type>,
    /// Whether a name that a type does not have is an error.
    pub strict: bool,
    /// Whether `valueQuantity` may be written for `value`.
    pub lenient: bool,
}

fn is_resource(name: &str) -> bool {
    const RESOURCES: &str = "Patient Observation Questionnaire ValueSet CodeSystem ConceptMap Appointment Composition \
        ExplanationOfBenefit DiagnosticReport Encounter Practitioner Device Organization";
    RESOURCES.split_whitespace().any(|known| known == name)
}

impl Model {
    pub fn new() -> Self {
        let mut types = HashMap::new();
        for line in TYPES.trim().lines() {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap();
            let elements =
                words.map(|word| word.split_once(':').unwrap()).map(|(name, of)| (name, of.split('|').collect()));
            let elements = elements.collect();
            types.insert(name.trim_end_matches('!'), Type { closed: name.ends_with('!'), elements });
        }
        Model { types, strict: false, lenient: false }
    }

    fn bases(name: &str) -> &'static [&'static str] {
        match name {
            "Age" => &["Quantity", "Element"],
            "Parameters" | "DomainResource" => &["Resource"],
            _ if is_resource(name) => &["DomainResource", "Resource"],
            _ => &["Element"],
        }
    }

    /// The element of a type that a spelling stands for, and its type.
    fn element(&self, of: &str, spelled: &str) -> Option<(&'static str, &'static str)> {
        std::iter::once(of).chain(Self::bases(of).iter().copied()).find_map(|of| {
            self.types.get(of)?.elements.iter().find_map(|(name, types)| {
                if types.len() == 1 {
                    return (*name == spelled).then(|| (*name, types[0]));
                }
                let typed = spelled.strip_prefix(name)?;
                let found =
                    types.iter().find(|of| of.eq_ignore_ascii_case(typed) && typed.starts_with(char::is_uppercase))?;
                Some((*name, *found))
            })
        })
    }

    fn known(&self, tree: &Tree, node: NodeId) -> Option<&str> {
        if let Some(name) = tree.resource_type(node) {
            return Some(self.types.get_key_value(name).map_or("DomainResource", |(name, _)| *name));
        }
        let parent = tree.parent(node)?;
        let of = self.known(tree, parent)?;
        self.element(of, tree.name(node)).map(|(_, of)| of)
    }
}

impl Host for Model {
    fn type_of<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        tree.resource_type(node).or_else(|| self.known(tree, node))
    }

    fn choice<'h>(&'h self, tree: &'h Tree, node: NodeId) -> Option<&'h str> {
        let of = self.known(tree, tree.parent(node)?)?;
        let spelled = tree.name(node);
        if self.lenient {
            return None;
        }
        self.element(of, spelled).map(|(name, _)| name).filter(|name| *name != spelled)
    }

    fn derives(&self, name: &str, base: &str) -> bool {
        types::derives(name, base) || Self::bases(name).contains(&base)
    }

    fn is_type(&self, name: &str) -> bool {
        self.types.contains_key(name)
            || is_resource(name)
            || "Resource DomainResource BackboneElement Age Duration Count Distance Money Ratio SampledData Dosage"
                .split_whitespace()
                .any(|known| known == name)
            || "boolean integer decimal string code id uri url canonical uuid oid date dateTime instant time xhtml markdown \
                base64Binary positiveInt unsignedInt"
                .split_whitespace()
                .any(|known| known == name)
    }

    fn has_element(&self, of: &str, name: &str) -> bool {
        let closed = self.types.get(of).is_some_and(|known| known.closed);
        let of_type = std::iter::once(of).chain(Self::bases(of).iter().copied());
        let mut elements = of_type.filter_map(|of| self.types.get(of)).flat_map(|known| known.elements.keys());
        !self.strict || self.lenient || !closed || elements.any(|known| *known == name)
    }

    fn resolve<'h>(&'h self, tree: &'h Tree, reference: &str, _: NodeId) -> Resolved<'h> {
        let (of, id) = reference.rsplit_once('/').unwrap_or(("", reference));
        let found =
            tree.all().find(|node| tree.resource_type(*node) == Some(of) && tree.child_text(*node, "id") == Some(id));
        found.map_or(Resolved::Unknown, Resolved::Node)
    }

    /// One value set is known: it has the code `male`.
    fn member_of(&self, tree: &Tree, node: NodeId, value_set: &str) -> Option<bool> {
        (value_set == "http://example.org/ValueSet/known").then(|| tree.text(node) == Some("male"))
    }

    fn conforms_to(&self, tree: &Tree, node: NodeId, profile: &str) -> Option<bool> {
        let name = profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/")?;
        Some(self.type_of(tree, node) == Some(name))
    }

    fn now(&self) -> Option<&str> {
        Some("2026-02-03T10:30:00.000Z")
    }
}
