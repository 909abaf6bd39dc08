//! The National Early Warning Score 2 (Royal College of Physicians, 2017): what each measurement scores.

/// One of the seven parts of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parameter {
    /// Breaths a minute.
    Respiration,
    /// Oxygen saturation, in per cent.
    Saturation,
    /// Whether oxygen is given.
    Oxygen,
    /// Systolic blood pressure, in mmHg.
    Systolic,
    /// Beats a minute.
    Pulse,
    /// Alert, or confused, or responding to voice or pain only, or not at all.
    Consciousness,
    /// In degrees Celsius.
    Temperature,
}

impl Parameter {
    /// All of them, in the order of the chart.
    pub const ALL: [Parameter; 7] = [
        Parameter::Respiration,
        Parameter::Saturation,
        Parameter::Oxygen,
        Parameter::Systolic,
        Parameter::Pulse,
        Parameter::Consciousness,
        Parameter::Temperature,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Parameter::Respiration => "respiration rate",
            Parameter::Saturation => "oxygen saturation",
            Parameter::Oxygen => "air or oxygen",
            Parameter::Systolic => "systolic blood pressure",
            Parameter::Pulse => "pulse",
            Parameter::Consciousness => "consciousness",
            Parameter::Temperature => "temperature",
        }
    }
}

/// Which of the two scales for oxygen saturation applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// For most patients.
    One,
    /// For those with hypercapnic respiratory failure, whose target is 88 to 92 per cent.
    Two,
}

/// The highest values that score what stands beside them; anything higher scores the last.
type Steps = (&'static [(f64, u8)], u8);

/// What a measured parameter scores; `None` for the two that are not measured in numbers. `saturation` has a scale and
/// whether oxygen is given, which [`saturation`] needs.
pub fn measured(parameter: Parameter, value: f64) -> Option<u8> {
    let steps: Steps = match parameter {
        Parameter::Respiration => (&[(8.0, 3), (11.0, 1), (20.0, 0), (24.0, 2)], 3),
        Parameter::Systolic => (&[(90.0, 3), (100.0, 2), (110.0, 1), (219.0, 0)], 3),
        Parameter::Pulse => (&[(40.0, 3), (50.0, 1), (90.0, 0), (110.0, 1), (130.0, 2)], 3),
        Parameter::Temperature => (&[(35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1)], 2),
        Parameter::Saturation | Parameter::Oxygen | Parameter::Consciousness => return None,
    };
    Some(step(steps, value))
}

/// What an oxygen saturation scores. On scale 2 a high one counts against the patient only while oxygen is given.
pub fn saturation(scale: Scale, on_oxygen: bool, value: f64) -> u8 {
    match scale {
        Scale::One => step((&[(91.0, 3), (93.0, 2), (95.0, 1)], 0), value),
        Scale::Two if on_oxygen => {
            step((&[(83.0, 3), (85.0, 2), (87.0, 1), (92.0, 0), (94.0, 1), (96.0, 2)], 3), value)
        }
        Scale::Two => step((&[(83.0, 3), (85.0, 2), (87.0, 1)], 0), value),
    }
}

fn step((steps, last): Steps, value: f64) -> u8 {
    steps.iter().find(|(highest, _)| value <= *highest).map_or(last, |(_, score)| *score)
}

/// What breathing air or oxygen scores.
pub fn oxygen(is_given: bool) -> u8 {
    if is_given { 2 } else { 0 }
}

/// What consciousness scores.
pub fn consciousness(is_alert: bool) -> u8 {
    if is_alert { 0 } else { 3 }
}
