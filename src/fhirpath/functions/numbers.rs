//! Functions on numbers, and those that ask how exact a value is.

use super::Call;
use crate::fhirpath::Stop;
use crate::fhirpath::decimal::Decimal;
use crate::fhirpath::eval::{Evaluator, Items};
use crate::fhirpath::expression::Operator;
use crate::fhirpath::temporal::Kind;
use crate::fhirpath::value::{Quantity, Value};
use std::cmp::Ordering;

type Done = Result<(), Stop>;

/// The most decimal places that a boundary is given with.
const BOUNDARY_PLACES: i64 = 28;

/// The input as a number.
fn number<'a>(run: &Evaluator<'a>, call: &Call<'a, '_>) -> Result<Option<Decimal>, Stop> {
    match run.single_atom(call.name, call.input)? {
        None => Ok(None),
        Some(Value::Integer(number)) => Ok(Some(Decimal::from(number))),
        Some(Value::Decimal(number)) => Ok(Some(number)),
        Some(other) => Err(run.type_error(call.name, "a number", &other)),
    }
}

fn argument<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>) -> Result<Option<Decimal>, Stop> {
    let Some(term) = call.argument(0) else { return Ok(None) };
    let items = run.separate(term, call.focus)?;
    match run.single_atom(call.name, &items)? {
        None => Ok(None),
        Some(Value::Integer(number)) => Ok(Some(Decimal::from(number))),
        Some(Value::Decimal(number)) => Ok(Some(number)),
        Some(other) => Err(run.type_error(call.name, "a number", &other)),
    }
}

/// An argument that may be left out: `None` is a given but empty one.
fn optional_integer<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, default: i64) -> Result<Option<i64>, Stop> {
    let Some(term) = call.argument(0) else { return Ok(Some(default)) };
    let items = run.separate(term, call.focus)?;
    run.integer(call.name, &items)
}

fn whole(out: &mut Items<'_>, number: Option<i128>) -> Done {
    out.extend(number.and_then(|number| i64::try_from(number).ok()).map(Value::Integer));
    Ok(())
}

fn real<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, out: &mut Items<'a>, function: impl Fn(f64) -> f64) -> Done {
    let number = number(run, call)?;
    out.extend(number.and_then(|number| Decimal::from_f64(function(number.to_f64()))).map(Value::Decimal));
    Ok(())
}

pub(super) fn abs<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let absolute = |number: Decimal| if number.is_negative() { number.negate() } else { number };
    match run.single_atom(call.name, call.input)? {
        None => {}
        Some(Value::Integer(number)) => out.extend(number.checked_abs().map(Value::Integer)),
        Some(Value::Decimal(number)) => out.push(Value::Decimal(absolute(number))),
        Some(Value::Quantity(quantity)) => {
            let value = absolute(quantity.value);
            out.push(Value::Quantity(Box::new(Quantity { value, unit: quantity.unit })));
        }
        Some(other) => return Err(run.type_error(call.name, "a number", &other)),
    }
    Ok(())
}

pub(super) fn ceiling<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    whole(out, number(run, &call)?.and_then(Decimal::ceiling))
}

pub(super) fn floor<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    whole(out, number(run, &call)?.and_then(Decimal::floor))
}

pub(super) fn truncate<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    whole(out, number(run, &call)?.and_then(|number| number.truncate(0)?.floor()))
}

pub(super) fn round<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(places) = optional_integer(run, &call, 0)? else { return Ok(()) };
    let Some(places) = u32::try_from(places).ok() else {
        return Err(run.type_error(
            call.name,
            "a number of decimal places that is not negative",
            &Value::Integer(places),
        ));
    };
    out.extend(number(run, &call)?.and_then(|number| number.round(places)).map(Value::Decimal));
    Ok(())
}

pub(super) fn exp<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    real(run, &call, out, f64::exp)
}

pub(super) fn ln<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    real(run, &call, out, f64::ln)
}

pub(super) fn sqrt<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    real(run, &call, out, f64::sqrt)
}

pub(super) fn log<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    match argument(run, &call)? {
        Some(base) => real(run, &call, out, |number| number.ln() / base.to_f64().ln()),
        None => Ok(()),
    }
}

pub(super) fn power<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let (Some(base), Some(exponent)) = (number(run, &call)?, argument(run, &call)?) else { return Ok(()) };
    let whole =
        exponent.to_integer().and_then(|exponent| u32::try_from(exponent).ok()).filter(|exponent| *exponent <= 128);
    let exact = whole.and_then(|exponent| {
        let mut product = Decimal::from(1);
        for _ in 0..exponent {
            product = product.multiply(base)?;
        }
        Some(product)
    });
    let power = exact.or_else(|| Decimal::from_f64(base.to_f64().powf(exponent.to_f64())));
    let is_integer = matches!(run.single_atom(call.name, call.input)?, Some(Value::Integer(_)));
    out.extend(power.map(|power| match power.to_integer().filter(|_| is_integer && whole.is_some()) {
        Some(power) => Value::Integer(power),
        None => Value::Decimal(power),
    }));
    Ok(())
}

fn boundary<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, high: bool, out: &mut Items<'a>) -> Done {
    let Some(value) = run.single_atom(call.name, call.input)? else { return Ok(()) };
    let default = match &value {
        Value::Temporal(moment) => match moment.kind {
            Kind::Date => 8,
            Kind::DateTime => 17,
            Kind::Time => 9,
        },
        _ => 8,
    };
    let Some(precision) = optional_integer(run, &call, default)? else { return Ok(()) };
    let of = |number: Decimal| {
        let places = u32::try_from(precision).ok().filter(|_| precision <= BOUNDARY_PLACES)?;
        number.boundary(high, places)
    };
    match value {
        Value::Integer(number) => out.extend(of(Decimal::from(number)).map(Value::Decimal)),
        Value::Decimal(number) => out.extend(of(number).map(Value::Decimal)),
        Value::Quantity(quantity) => {
            let value = of(quantity.value);
            out.extend(value.map(|value| Value::Quantity(Box::new(Quantity { value, unit: quantity.unit }))));
        }
        Value::Temporal(moment) => out.extend(moment.boundary(high, precision).map(Value::Temporal)),
        other => return Err(run.type_error(call.name, "a number, a quantity, a date or a time", &other)),
    }
    Ok(())
}

pub(super) fn low_boundary<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    boundary(run, call, false, out)
}

pub(super) fn high_boundary<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    boundary(run, call, true, out)
}

pub(super) fn precision<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let digits = match run.single_atom(call.name, call.input)? {
        None => return Ok(()),
        Some(Value::Integer(_)) => 0,
        Some(Value::Decimal(number)) => i64::from(number.places()),
        Some(Value::Temporal(moment)) => moment.digits(),
        Some(other) => return Err(run.type_error(call.name, "a number, a date or a time", &other)),
    };
    out.push(Value::Integer(digits));
    Ok(())
}

pub(super) fn comparable<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(term) = call.argument(0) else { return Ok(()) };
    let items = run.separate(term, call.focus)?;
    let (left, right) = (run.single_atom(call.name, call.input)?, run.single_atom(call.name, &items)?);
    match (left, right) {
        (Some(Value::Quantity(left)), Some(Value::Quantity(right))) => {
            out.push(Value::Boolean(left.is_comparable(&right)));
            Ok(())
        }
        (None, _) | (_, None) => Ok(()),
        (Some(Value::Quantity(_)), Some(other)) | (Some(other), _) => {
            Err(run.type_error(call.name, "a quantity", &other))
        }
    }
}

fn added<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>) -> Result<Items<'a>, Stop> {
    let mut total: Items<'a> = call.input.first().map(|first| run.atom(first)).into_iter().collect();
    for item in call.input.get(1..).unwrap_or(&[]) {
        let mut next = Vec::new();
        run.spend(1)?;
        run.operate(Operator::Add, &total, std::slice::from_ref(item), &mut next)?;
        total = next;
    }
    Ok(total)
}

pub(super) fn sum<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(added(run, &call)?);
    Ok(())
}

pub(super) fn avg<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let total = added(run, &call)?;
    run.operate(Operator::Divide, &total, &[Value::Integer(call.input.len() as i64)], out)
}

fn extreme<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, wanted: Ordering, out: &mut Items<'a>) -> Done {
    let mut best: Option<Value<'a>> = None;
    for item in call.input {
        run.spend(1)?;
        let item = run.atom(item);
        best = match best {
            None => Some(item),
            Some(best) => match run.order(call.name, &item, &best)? {
                Some(order) if order == wanted => Some(item),
                Some(_) => Some(best),
                // Without an order there is no extreme.
                None => return Ok(()),
            },
        };
    }
    out.extend(best);
    Ok(())
}

pub(super) fn min<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    extreme(run, &call, Ordering::Less, out)
}

pub(super) fn max<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    extreme(run, &call, Ordering::Greater, out)
}
