//! Conversions between types, the clock, and the parts of dates.

use super::Call;
use crate::fhirpath::Stop;
use crate::fhirpath::decimal::Decimal;
use crate::fhirpath::eval::{Evaluator, Items};
use crate::fhirpath::temporal::{Kind, Precision, Temporal, Unit as Calendar};
use crate::fhirpath::value::{Quantity, Unit, Value};

type Done = Result<(), Stop>;

fn boolean<'a>(value: Value<'a>) -> Option<Value<'a>> {
    let truth = match &value {
        Value::Boolean(truth) => *truth,
        Value::Integer(1) => true,
        Value::Integer(0) => false,
        Value::Decimal(number) => match number.to_integer()? {
            1 => true,
            0 => false,
            _ => return None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Value::Boolean(truth))
}

fn integer<'a>(value: Value<'a>) -> Option<Value<'a>> {
    match value {
        Value::Integer(_) => Some(value),
        Value::Boolean(truth) => Some(Value::Integer(i64::from(truth))),
        Value::String(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
            let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| all).map(Value::Integer)
        }
        _ => None,
    }
}

fn decimal<'a>(value: Value<'a>) -> Option<Value<'a>> {
    Some(Value::Decimal(match value {
        Value::Decimal(number) => number,
        Value::Integer(number) => Decimal::from(number),
        Value::Boolean(truth) => Decimal::from(i64::from(truth)),
        Value::String(text) => Decimal::parse(&text).filter(|_| !text.contains(['e', 'E']))?,
        _ => return None,
    }))
}

fn date<'a>(value: Value<'a>) -> Option<Value<'a>> {
    match value {
        Value::Temporal(moment) => moment.date(),
        Value::String(text) => Temporal::parse(&text)?.date(),
        _ => None,
    }
    .map(Value::Temporal)
}

fn date_time<'a>(value: Value<'a>) -> Option<Value<'a>> {
    match value {
        Value::Temporal(moment) => moment.to_date_time(),
        Value::String(text) => Temporal::parse(&text)?.to_date_time(),
        _ => None,
    }
    .map(Value::Temporal)
}

fn time<'a>(value: Value<'a>) -> Option<Value<'a>> {
    match value {
        Value::Temporal(moment) => Some(moment).filter(|moment| moment.kind == Kind::Time),
        Value::String(text) => Temporal::parse_time(text.strip_prefix('T').unwrap_or(&text)),
        _ => None,
    }
    .map(Value::Temporal)
}

fn quantity<'a>(value: Value<'a>) -> Option<Value<'a>> {
    let quantity = match value {
        Value::Quantity(_) => return Some(value),
        Value::Integer(number) => Quantity::of(Decimal::from(number)),
        Value::Decimal(number) => Quantity::of(number),
        Value::Boolean(truth) => Quantity::of(Decimal::from(i64::from(truth))),
        Value::String(text) => Quantity::parse(&text)?,
        _ => return None,
    };
    Some(Value::Quantity(Box::new(quantity)))
}

fn string<'a>(value: Value<'a>) -> Option<Value<'a>> {
    value.to_text().map(Value::String)
}

fn to<'a>(
    run: &mut Evaluator<'a>,
    call: &Call<'a, '_>,
    out: &mut Items<'a>,
    convert: fn(Value<'a>) -> Option<Value<'a>>,
) -> Done {
    out.extend(run.single_atom(call.name, call.input)?.and_then(convert));
    Ok(())
}

fn converts<'a>(
    run: &mut Evaluator<'a>,
    call: &Call<'a, '_>,
    out: &mut Items<'a>,
    convert: fn(Value<'a>) -> Option<Value<'a>>,
) -> Done {
    out.extend(run.single_atom(call.name, call.input)?.map(|value| Value::Boolean(convert(value).is_some())));
    Ok(())
}

/// Writes `to…` and `convertsTo…` for each type.
macro_rules! conversions {
    ($($to:ident, $converts:ident, $convert:ident;)+) => {
        $(
            pub(super) fn $to<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
                to(run, &call, out, $convert)
            }
            pub(super) fn $converts<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
                converts(run, &call, out, $convert)
            }
        )+
    };
}

conversions! {
    to_boolean, converts_to_boolean, boolean;
    to_integer, converts_to_integer, integer;
    to_decimal, converts_to_decimal, decimal;
    to_date, converts_to_date, date;
    to_date_time, converts_to_date_time, date_time;
    to_time, converts_to_time, time;
}

/// A primitive element is given as it was written.
pub(super) fn to_string<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    match run.single(call.name, call.input)? {
        Some(Value::Node(node)) if run.tree.text(*node).is_some() => {
            out.extend(run.tree.text(*node).map(|text| Value::String(text.into())));
            Ok(())
        }
        _ => to(run, &call, out, string),
    }
}

pub(super) fn converts_to_string<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    converts(run, &call, out, string)
}

/// The input as a quantity, in the unit of the argument if there is one.
fn quantity_in<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>) -> Result<Option<Quantity<'a>>, Stop> {
    let value = run.single_atom(call.name, call.input)?.and_then(quantity);
    let Some(Value::Quantity(found)) = value else { return Ok(None) };
    let Some(term) = call.argument(0) else { return Ok(Some(*found)) };
    let items = run.separate(term, call.focus)?;
    let Some(code) = run.text(call.name, &items)? else { return Ok(None) };
    let unit = match Calendar::from_word(&code) {
        Some(unit) => Unit::Calendar(unit, code),
        None => Unit::Code(code),
    };
    if unit == found.unit {
        return Ok(Some(*found));
    }
    let ratio = found.unit.measure().zip(unit.measure()).and_then(|(from, to)| from.ratio(&to));
    Ok(ratio.and_then(|ratio| found.value.multiply(ratio)).map(|value| Quantity { value: value.trimmed(), unit }))
}

pub(super) fn to_quantity<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(quantity_in(run, &call)?.map(|quantity| Value::Quantity(Box::new(quantity))));
    Ok(())
}

pub(super) fn converts_to_quantity<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if run.single(call.name, call.input)?.is_some() {
        out.push(Value::Boolean(quantity_in(run, &call)?.is_some()));
    }
    Ok(())
}

pub(super) fn now<'a>(run: &mut Evaluator<'a>, _: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(run.now()?.to_date_time().map(Value::Temporal));
    Ok(())
}

pub(super) fn today<'a>(run: &mut Evaluator<'a>, _: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(run.today()?.date().map(Value::Temporal));
    Ok(())
}

pub(super) fn time_of_day<'a>(run: &mut Evaluator<'a>, _: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(run.now()?.time().map(Value::Temporal));
    Ok(())
}

fn moment<'a>(run: &Evaluator<'a>, call: &Call<'a, '_>) -> Result<Option<Temporal>, Stop> {
    match run.single_atom(call.name, call.input)? {
        None => Ok(None),
        Some(Value::Temporal(moment)) => Ok(Some(moment)),
        Some(other) => Err(run.type_error(call.name, "a date or a time", &other)),
    }
}

pub(super) fn date_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(moment(run, &call)?.and_then(Temporal::date).map(Value::Temporal));
    Ok(())
}

pub(super) fn time_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(moment(run, &call)?.and_then(Temporal::time).map(Value::Temporal));
    Ok(())
}

/// `yearOf()` to `millisecondOf()` and `timezoneOffsetOf()`: a part of a date or time, where it was written.
pub(super) fn part_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(moment) = moment(run, &call)? else { return Ok(()) };
    let (part, number) = match call.name {
        "yearOf" => (Precision::Year, i64::from(moment.year)),
        "monthOf" => (Precision::Month, i64::from(moment.month)),
        "dayOf" => (Precision::Day, i64::from(moment.day)),
        "hourOf" => (Precision::Hour, i64::from(moment.hour)),
        "minuteOf" => (Precision::Minute, i64::from(moment.minute)),
        "secondOf" => (Precision::Second, i64::from(moment.second)),
        "millisecondOf" => (Precision::Fraction, i64::from(moment.nanos / 1_000_000)),
        _ => {
            let hours = moment.offset.and_then(|minutes| Decimal::from(i64::from(minutes)).divide(Decimal::from(60)));
            out.extend(hours.map(Value::Decimal));
            return Ok(());
        }
    };
    if part <= moment.precision && (moment.kind != Kind::Time || part >= Precision::Hour) {
        out.push(Value::Integer(number));
    }
    Ok(())
}
