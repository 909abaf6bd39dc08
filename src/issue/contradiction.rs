//! The table of contradictions: what is recorded twice and differs, within a record, and between a document's text and its
//! coded entries. The display and the checks say the same of each. Nothing is ever said to be the right one of the two.

use super::{IssueType, Severity};

/// How much a reader must know of a contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Before the rest is read, and at both places.
    Alert,
    /// A word at the place.
    Note,
    /// Among the details.
    Info,
}

/// A contradiction put into words: the rule, and what it quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The rule.
    pub rule: Rule,
    /// Which of the rule's forms of words fits.
    pub form: usize,
    /// What takes the place of each `{}` of its words.
    pub values: Vec<String>,
}

impl Contradiction {
    /// Its words, with `{}` for what is quoted: a phrase of the display's catalogue.
    pub fn template(&self) -> &'static str {
        self.rule.forms().get(self.form).copied().unwrap_or_default()
    }

    /// What contradicts what, in English.
    pub fn words(&self) -> String {
        let mut values = self.values.iter();
        let mut out = String::new();
        for (at, part) in self.template().split("{}").enumerate() {
            if at > 0 {
                out.push_str(values.next().map(String::as_str).unwrap_or_default());
            }
            out.push_str(part);
        }
        out
    }

    /// The same, with how to put it right.
    pub fn message(&self) -> String {
        format!("{} {}", self.words(), self.rule.advice())
    }

    /// FHIR's kind of issue.
    pub fn kind(&self) -> IssueType {
        IssueType::BusinessRule
    }
}

/// Writes the enum and its properties from one table.
macro_rules! contradictions {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $code:literal, $severity:ident, $rank:ident,
        source $source:literal, guard $guard:literal, words [$($words:literal),+ $(,)?], advice $advice:literal;)+) => {
        /// The rules that find contradictions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Rule {
            /// Every rule's permanent code, its usual severity, and its explanation with its guard and its source, in the
            /// order of the table.
            pub const RULES: &'static [(&'static str, Severity, &'static str)] = &[$((
                $code,
                Severity::$severity,
                concat!($($doc, "\n"),+, "\nNot reported: ", $guard, "\nSource: ", $source, "\n"),
            ),)+];

            /// All of them, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)+];

            /// What the specification of the record and of documents calls it: `C-01`, `N-2`.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$name => $id,)+ }
            }

            /// The permanent code, in kebab case.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$name => $code,)+ }
            }

            /// How bad it usually is.
            pub fn severity(self) -> Severity {
                match self { $(Rule::$name => Severity::$severity,)+ }
            }

            /// How much a reader must know of it.
            pub fn rank(self) -> Rank {
                match self { $(Rule::$name => Rank::$rank,)+ }
            }

            /// The forms of its words, with `{}` for what is quoted: phrases of the display's catalogue.
            pub fn forms(self) -> &'static [&'static str] {
                match self { $(Rule::$name => &[$($words),+],)+ }
            }

            /// What the sender is to do.
            pub fn advice(self) -> &'static str {
                match self { $(Rule::$name => $advice,)+ }
            }
        }
    };
}

contradictions! {
    // Within a record.

    /// "No known allergies" stands beside an allergy, and both are recorded as current.
    NoneKnown = "C-01", "contradiction-none-known", Warning, Alert,
        source "GP Connect consumer assurance, clinical pack ALG_25",
        guard "'no known drug allergy' beside an allergy that is to no drug; allergies that have ended, are refuted or entered in error",
        words ["“{}”{} and “{}” are both recorded as current.", "“{}”{} and {} allergies are both recorded as current."],
        advice "Remove the entry that no longer applies, or record it as ended.";

    /// The amount of a dose differs between its text and its structure.
    DoseNumber = "C-02", "nhs-dosage-number", Warning, Alert,
        source "FHIR STU3 Dosage.text: the text is what the structure says; NHS Digital, Dose syntax implementation guidance",
        guard "text that is not wholly understood, as required, or with several amounts; amounts equal by value; maxima; all that is taken on a day",
        words ["The text says “{}”, and the structured dose is {}."],
        advice "A patient may be given the wrong amount: make the two the same.";
    /// The text of a dosage counts something different from its structure.
    DoseUnit = "C-02", "nhs-dosage-unit", Warning, Alert,
        source "FHIR STU3 Dosage.text; NHS Digital, Dose syntax implementation guidance",
        guard "text that is not wholly understood; measures beside counts",
        words ["The text says “{}”, and the structured dose is in another unit: {}."],
        advice "A patient may be given the wrong amount: make the two the same.";
    /// The text of a dosage gives a different frequency from its timing.
    DoseFrequency = "C-03", "nhs-dosage-frequency", Warning, Alert,
        source "FHIR STU3 Dosage.text; NHS Digital, Dose syntax implementation guidance; NPSA, methotrexate",
        guard "text that is not wholly understood, as required, or with several frequencies; ranges that overlap; all that is taken on a day",
        words [
            "The text says “{}”, and the structured timing differs: once a day.",
            "The text says “{}”, and the structured timing differs: {} times a day.",
            "The text says “{}”, and the structured timing differs: {} times in {} {}.",
            "The text says “{}”, and the structured timing differs: “{}”.",
            "The text says “{}”, and the structured timing differs: on {}."
        ],
        advice "A patient may be given the wrong amount: make the two the same.";
    /// The text of a dosage gives a different length of treatment from its timing.
    DoseLength = "C-04", "contradiction-dose-length", Information, Note,
        source "FHIR STU3 Dosage.text, Timing.repeat.bounds, MedicationRequest.dispenseRequest.expectedSupplyDuration",
        guard "text that is not wholly understood, as required, or with several lengths",
        words ["The text says “{}”, and the structured length of treatment is {}.", "The text says “{}”, and the expected length of the supply is {}."],
        advice "Make the two the same.";
    /// What is to be supplied is too little for the doses of the time that the text says, or more than twice as much.
    DoseSupply = "C-04", "contradiction-supply", Information, Info,
        source "FHIR STU3 MedicationRequest.dispenseRequest.quantity",
        guard "text that is not wholly understood, as required; what is not counted in tablets, capsules and the like; whole packs, up to twice as much",
        words ["The text says “{}”, and the quantity to be supplied is {}."],
        advice "Correct the quantity, the dose or the length of treatment.";
    /// Left in one place of a resource, right in another.
    Sides = "C-05", "contradiction-side", Warning, Alert,
        source "GP Connect hazard log, hazard 18; NHS England, wrong site surgery (never event)",
        guard "both sides; several sites; notes without a part of the body beside the side; 'left hospital', 'right away'",
        words ["“{}” and “{}” are recorded of one item: the sides differ."],
        advice "Correct one or the other: the wrong side may be treated.";
    /// The text of a concept shares no word with what its code is called.
    Names = "C-06", "contradiction-coding", Information, Note,
        source "FHIR STU3 CodeableConcept: text and codings say the same",
        guard "initials; degraded codes and original text; a brand beside its substance is a detail unless strengths differ or the names look alike",
        words ["Written as “{}”, coded as “{}”."],
        advice "If they are not the same thing, correct one or the other.";
    /// A medicine is recorded as current and as stopped after it was begun.
    AlsoStopped = "C-07", "contradiction-stopped", Information, Note,
        source "GP Connect 1.6, medication guidance; consumer hazard log 55",
        guard "a medicine that was begun again after it was stopped; stopped medicines without a date",
        words ["“{}” is recorded as active, and also as stopped on {}."],
        advice "Remove the one that no longer applies.";
    /// A medicine is active after the end of its time.
    Ended = "C-08", "contradiction-ended", Warning, Note,
        source "GP Connect 1.6, medication guidance: effective.end is null while active; consumer hazard log 84",
        guard "an end after the record was taken; acute medicines are a detail",
        words ["“{}” is recorded as active, and ended on {}."],
        advice "Remove the end, or record the medicine as completed or stopped.";
    /// A medicine is active, and the plan that it is based on has been stopped.
    PlanStopped = "C-08", "contradiction-plan-stopped", Warning, Alert,
        source "GP Connect 1.6, medication guidance: statement.status = plan.status",
        guard "plans that are not in the same input",
        words ["“{}” is recorded as active, and the plan that it is based on as stopped."],
        advice "Give both the same status.";
    /// A problem is active, with a date on which it ended. Checks report con-4 of FHIR for it.
    ProblemEnded = "C-09", "contradiction-problem-ended", Warning, Note,
        source "FHIR STU3 Condition, con-4",
        guard "problems entered in error",
        words ["“{}” is recorded as active, and ended on {}."],
        advice "Remove the end, or record the problem as resolved.";
    /// Something is dated before the patient was born. Checks report nhs-event-before-birth for it.
    BeforeBirth = "C-10", "contradiction-before-birth", Warning, Note,
        source "NHS Data Dictionary, PERSON BIRTH DATE",
        guard "what is written about a patient; what an unborn child is examined and treated for; only the first for each patient",
        words ["Dated {}, and the patient was born on {}."],
        advice "Correct one or the other, or check that this is the right patient.";
    /// Something is dated after the patient died.
    AfterDeath = "C-10", "contradiction-after-death", Warning, Note,
        source "CareConnect-Patient-1, deceased[x]",
        guard "what is written about a patient; what is found and recorded in the two months after a death; only the first for each patient",
        words ["Dated {}, and the patient died on {}."],
        advice "Correct one or the other, or check that this is the right patient.";
    /// The words of an entry say that something was done, and its flag that it was not; or the other way round.
    Done = "C-11", "contradiction-not-done", Warning, Alert,
        source "STU3 Immunization.notGiven, Procedure.notDone",
        guard "words that say neither",
        words ["The entry says “{}”, and is recorded with {}."],
        advice "Correct the words or the flag.";
    /// A flag that the reference range contradicts.
    Flag = "C-12", "contradiction-flag", Warning, Note,
        source "STU3 Observation.interpretation, Observation.referenceRange (bounds are inclusive)",
        guard "comparators; several ranges, ranges for some people, ranges in words or in another unit",
        words ["Flagged “{}”; {} is within {}.", "Flagged “{}”; {} is below the range, {}.", "Flagged “{}”; {} is above the range, {}."],
        advice "Correct the flag, the value or the range.";
    /// A number is recorded as the result of a sample that, says the comment, could not be used.
    Unsuitable = "C-13", "contradiction-unsuitable", Warning, Note,
        source "NHS England, pathology messaging: a result that was not obtained has dataAbsentReason",
        guard "samples that may be or are slightly affected are a detail",
        words ["{} is recorded; the comment says “{}”."],
        advice "Leave the value out, and say why with dataAbsentReason.";
    /// The note of a current allergy says that it has ended.
    NoteEnded = "C-16", "contradiction-note-ended", Information, Note,
        source "GP Connect 1.6, allergy guidance: ended allergies are contained in the list of ended ones",
        guard "a reaction or symptom that has ended",
        words ["The note says “{}”; “{}” is recorded as current."],
        advice "If it has ended, record it as ended.";
    /// One resource comes twice with different content.
    Twice = "C-18", "contradiction-twice", Warning, Alert,
        source "FHIR STU3 Bundle: a resource is in it once for each version",
        guard "meta, narrative and order; histories",
        words ["“{}” comes twice, with different content."],
        advice "Send only the one that applies.";
    /// The last date of issue of a medicine differs from that of its newest issue.
    LastIssue = "C-19", "contradiction-last-issue", Information, Info,
        source "GP Connect 1.6, medication guidance: lastIssueDate is the date of the last issue",
        guard "records without a date; issues whose validity begins after the record was taken; when an issue was authored, since systems write that later",
        words ["The last issue is recorded as of {}; the newest issue here is of {}."],
        advice "Make the two the same, or send the issue that is missing.";
    /// More issues of a repeat are recorded than were authorised.
    Repeats = "C-19", "contradiction-repeats", Information, Info,
        source "GP Connect 1.6, MedicationRequest: repeat information",
        guard "plans without both numbers",
        words ["{} issues are recorded, and {} were authorised."],
        advice "Correct the number, or authorise the repeat anew.";
    /// A time of birth on a different day from the date of birth.
    BirthTime = "C-20", "contradiction-birth-time", Warning, Alert,
        source "FHIR STU3 extension patient-birthTime: the date is that of birthDate",
        guard "a time that is on the date as written, in UTC or by the clock of the United Kingdom",
        words ["Born on {} by the birth date, and at {} by the time of birth: the two differ."],
        advice "Correct one or the other: an age may be worked out from either.";
    /// A reference to a patient is displayed with a name that the patient does not have.
    OtherName = "C-20", "contradiction-patient-name", Warning, Note,
        source "FHIR STU3 Reference.display: identifies what the reference leads to",
        guard "order of names, titles, initials; displays that share a name with the patient",
        words ["The reference says “{}”, and leads to the patient “{}”."],
        advice "Find out whose data this is.";
    /// The address of a reference to a patient has a different NHS number from that of the only patient in the input.
    OtherNumber = "C-20", "contradiction-patient-number", Warning, Alert,
        source "ISB 0149 (one NHS number for each patient)",
        guard "references that lead to a resource of the input; several patients",
        words ["The NHS number in the address of this reference is not that of the only patient here."],
        advice "Find out whose data this is.";

    // Between the text of a document's sections and their coded entries: ITK3 FHIR-CC-03, all clinical content of coded
    // entries is also in the text of their section.

    /// A medicine is coded in a section whose text does not name it.
    Medicine = "N-1", "attested-medicine", Error, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "a name without its form, pack, strength or supplier; an entry that has no name",
        words ["The text of “{}” does not name “{}”, which is coded there.", "The text of “{}” names “{}”, where “{}” is coded."],
        advice "Make text and coded entry name the same medicine.";
    /// The strength in the text differs from that of the coded product.
    Strength = "N-2", "attested-strength", Error, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "amounts equal by value (0.5 g and 500 mg, 2.50 and 2.5); units that cannot be compared; a strength that only one of the two gives",
        words ["The text says “{}”, and “{}” is coded: the strengths differ."],
        advice "Make the two the same: a patient may be given the wrong amount.";
    /// The amount, frequency or length of a dose differs between the text and the coded dosage.
    Dose = "N-3", "attested-dose", Warning, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "what only one of the two says; additional instructions and comments; amounts in units that cannot be compared",
        words ["The text says the dose “{}”, and the coded dosage of “{}” is “{}”."],
        advice "Make the two the same: a patient may be given the wrong amount.";
    /// The quantity in the text is not the coded one.
    Quantity = "N-3", "attested-quantity", Warning, Note,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "a quantity whose text the entry also gives",
        words ["The text says the quantity “{}” of “{}”, and “{}” is coded."],
        advice "Make the two the same.";
    /// The text says of a medicine that it has been stopped and the entry that it goes on, or the other way round, or the changes differ.
    Status = "N-3", "attested-status", Warning, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03; Extension-CareConnect-MedicationChangeSummary-1",
        guard "words other than those for added, changed, continued and stopped",
        words ["The text says “{}” of “{}”, and “{}” is coded."],
        advice "Make the two the same: a medicine may be taken that was stopped, or left out.";
    /// An allergy is coded in a section whose text does not name it.
    Allergy = "N-4", "attested-allergy", Error, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "an allergy without a name, entered in error or refuted",
        words ["The text of “{}” does not name “{}”, which is coded there.", "The text of “{}” names “{}”, where “{}” is coded."],
        advice "Make text and coded entry name the same allergy.";
    /// The text says that there is no allergy, and one is coded; or the other way round.
    NoAllergy = "N-4", "attested-no-allergy", Error, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03; eDischarge guide: 'no known…' must agree with the text",
        guard "'no known drug allergy' beside an allergy that is certainly to no drug",
        words ["The text of “{}” says “{}”, and “{}” is coded."],
        advice "Make the two the same: one of them hides an allergy, or makes one up.";
    /// The NHS number or date of birth in the text is not the patient's. No message repeats an NHS number.
    Identifier = "N-5", "attested-identifier", Error, Alert,
        source "ITK3 messaging distribution, PDS-02 and FHIR-CC-03",
        guard "spaces in a number; a date that is less precise",
        words ["The NHS number in the text of “{}” is not the patient’s.", "The text of “{}” says “{}” for “{}”, and the patient’s is “{}”."],
        advice "Find out whose document this is before it is sent.";
    /// Gender, name or postcode in the text are not the patient's.
    Demographics = "N-5", "attested-demographics", Warning, Note,
        source "ITK3 messaging distribution, DEM-01, DEM-02",
        guard "any of several names and addresses; genders other than male and female",
        words ["The text of “{}” says “{}” for “{}”, and the patient’s is “{}”."],
        advice "Make the two the same.";
    /// A diagnosis, problem or procedure is coded in a section whose text does not name it.
    Concept = "N-6", "attested-concept", Error, Note,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "synonyms that the entry gives; initials; a text that is only less precise; what another section names (attested-elsewhere)",
        words ["The text of “{}” does not name “{}”, which is coded there.", "The text of “{}” names “{}”, where “{}” is coded."],
        advice "Make text and coded entry say the same.";
    /// A coded entry of one section is named in the text of another one alone.
    Elsewhere = "N-6", "attested-elsewhere", Information, Info,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "entries that the section's own text names",
        words ["“{}” is coded in “{}”, whose text does not name it; that of “{}” does."],
        advice "A reader of this section alone does not see it: name it here, or code it there.";
    /// A coded entry stands in the text of its section only in a negated phrase.
    Negated = "N-6", "attested-negated", Warning, Alert,
        source "NegEx (Chapman 2001), by which six words after a negation are negated",
        guard "entries that are negations themselves; a text that also names it without one",
        words ["The text of “{}” has “{}” only as “{}”, and it is coded as being so."],
        advice "Make text and coded entry say the same.";
    /// The product, procedure, batch or expiry of a vaccination in the text is not the coded one.
    Vaccine = "N-7", "attested-vaccine", Error, Alert,
        source "Digital Medicines immunisation guide; ITK3 messaging distribution, FHIR-CC-03",
        guard "what the text leaves out",
        words ["The text of “{}” does not name “{}”, which is coded there.", "The text of “{}” names “{}”, where “{}” is coded.", "The text says “{}” for “{}”, and “{}” is coded."],
        advice "Make the two the same.";
    /// The text says that something was done and the entry that it was not, or the other way round.
    NotDone = "N-7", "attested-not-done", Error, Alert,
        source "Digital Medicines immunisation guide; STU3 Immunization.notGiven, Procedure.notDone",
        guard "a text that names the product alone",
        words ["The text says “{}”, and the entry is coded as given or done.", "The text says “{}”, and the entry is coded as not given or not done."],
        advice "Make the two the same.";
    /// Left and right differ between text and coded entry.
    TextSide = "N-7", "attested-side", Warning, Alert,
        source "ITK3 messaging distribution, FHIR-CC-03; GP Connect hazard log",
        guard "a side that only one of the two gives; both sides",
        words ["The text says “{}”, and “{}” is coded: the sides differ."],
        advice "Make the two the same: the wrong side may be treated.";
    /// The text names something with the label of a coded item, and no coded entry of the section is it.
    Uncoded = "N-8", "attested-uncoded", Information, Info,
        source "ITK3 messaging distribution, CE-01: medicines and allergies are coded where the system can",
        guard "sections without coded entries of the kind: the guide allows text alone",
        words ["The text of “{}” names “{}”, and no coded entry there is it."],
        advice "Code it too, if it is clinical content.";
    /// A date or time in the text differs from the coded one that its label stands for.
    Date = "N-9", "attested-date", Warning, Note,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "a time that agrees as written, in UTC or by the clock of the United Kingdom; dates that are less precise",
        words ["The text says “{}” for “{}”, and “{}” is coded."],
        advice "Make the two the same.";
    /// An age in the text does not fit the date of birth.
    Age = "N-10", "attested-age", Warning, Note,
        source "CareConnect-Patient-1, birthDate",
        guard "a year more or less; relatives; histories",
        words ["The text gives the age as {}, and the patient, born {}, was {} on {}."],
        advice "Correct the age, or the date of birth.";
    /// A measured value is coded in a section whose text has another number for it.
    Value = "N-9", "attested-value", Warning, Note,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "values that the text does not name; rounding",
        words ["The text says “{}”, and “{}” is coded as {}."],
        advice "Make the two the same.";
    /// A detail with a label, such as a reaction, its severity or a source of admission, differs between the text and the coded entry.
    Detail = "N-6", "attested-detail", Warning, Note,
        source "ITK3 messaging distribution, FHIR-CC-03",
        guard "texts that share a word with what is coded; what only one of the two says",
        words ["The text says “{}” for “{}”, and “{}” is coded."],
        advice "Make the two the same.";
}
