//! The releases of FHIR that resources are checked as, and the one list of what code does differently for them. All else that
//! differs is in the definitions.

/// A release of FHIR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// STU3 (3.0.2), which CareConnect is.
    #[default]
    Stu3,
    /// R4 (4.0.1), which UK Core is.
    R4,
}

impl Version {
    /// Both, the older first.
    pub const ALL: [Version; 2] = [Version::Stu3, Version::R4];

    /// The other one.
    pub fn other(self) -> Version {
        match self {
            Version::Stu3 => Version::R4,
            Version::R4 => Version::Stu3,
        }
    }

    /// Its first two numbers: `3.0` or `4.0`.
    pub fn number(self) -> &'static str {
        match self {
            Version::Stu3 => "3.0",
            Version::R4 => "4.0",
        }
    }

    /// Its name: `STU3` or `R4`.
    pub fn name(self) -> &'static str {
        match self {
            Version::Stu3 => "STU3",
            Version::R4 => "R4",
        }
    }

    /// The pack that has the release itself.
    pub fn base_pack(self) -> &'static str {
        match self {
            Version::Stu3 => "stu3",
            Version::R4 => "r4",
        }
    }

    /// The release that a number names (`3.0`, `3.0.2`, `4.0`, `4.0.1`), or a name in any case.
    pub fn of(text: &str) -> Option<Version> {
        let text = text.trim();
        let is = |version: &Version| {
            let rest = text.strip_prefix(version.number());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
                || text.eq_ignore_ascii_case(version.name())
        };
        Version::ALL.into_iter().find(is)
    }

    /// What code does differently.
    pub fn differences(self) -> &'static Differences {
        match self {
            Version::Stu3 => &STU3,
            Version::R4 => &R4,
        }
    }
}

/// Everything that code does differently for a release.
#[derive(Debug)]
pub struct Differences {
    /// Invariants of the release that are not asked: advice of good practice that the specification gives everybody.
    pub silent: &'static [&'static str],
    /// Invariants of the release that are broken where their expression gives nothing: they ask for what is not there. Every
    /// other one compares what is not there or not precise enough, and that is no fault. Keys stand for their only expression.
    pub empty_is_broken: &'static [&'static str],
    /// Whether a decimal may have an exponent, and a second may be the 60th, a leap second.
    pub wider_numbers: bool,
    /// Whether a contained resource is also referred to by a canonical URL, a URL or a URI that is `#` and its id (dom-3).
    pub refers_by_url: bool,
    /// Rules of the NHS that are written for the forms of another release.
    pub not_asked: &'static [&'static str],
    /// Whether what is recorded twice is compared: the rules are written for the forms of one release.
    pub contradictions: bool,
    /// Whether a message is held to what the MessageDefinition of its event says that it is about.
    pub message_focus: bool,
}

const STU3: Differences = Differences {
    silent: &[],
    empty_is_broken: &[
        "age-1", "ait-1", "cnt-3", "com-1", "con-3", "con-4", "dis-1", "eld-3", "fhs-3", "inv-7", "inv-8", "inv-9",
        "mad-2", "md-1", "mny-1", "opd-2", "pro-1", "ras-1", "sdf-5", "vs-2", "vsd-9",
    ],
    wider_numbers: false,
    refers_by_url: false,
    not_asked: &[],
    contradictions: true,
    message_focus: true,
};

const R4: Differences = Differences {
    silent: &["dom-6"],
    empty_is_broken: &[],
    wider_numbers: true,
    refers_by_url: true,
    not_asked: &[
        "nhs-appointment-no-reason",
        "nhs-request-no-requester",
        "nhs-role-no-job-role",
        "nhs-statement-no-request",
        "nhs-statement-request-missing",
    ],
    contradictions: false,
    message_focus: false,
};
