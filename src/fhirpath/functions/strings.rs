//! Functions on text. Places and lengths count characters.

use super::Call;
use crate::fhirpath::eval::{Evaluator, Items};
use crate::fhirpath::parse;
use crate::fhirpath::value::Value;
use crate::fhirpath::{EvalError, Stop};
use regex_lite::Regex;
use std::borrow::Cow;

type Done = Result<(), Stop>;
type Text<'a> = Option<Cow<'a, str>>;
type Pair<'a> = Option<(Cow<'a, str>, Cow<'a, str>)>;

/// Steps that compiling a regular expression counts for.
const PATTERN_STEPS: usize = 500;

fn argument<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, at: usize) -> Result<Text<'a>, Stop> {
    let Some(term) = call.argument(at) else { return Ok(None) };
    let items = run.separate(term, call.focus)?;
    let text = run.text(call.name, &items)?;
    run.give(items);
    Ok(text)
}

fn input<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>) -> Result<Text<'a>, Stop> {
    let text = run.text(call.name, call.input)?;
    // Text that is made larger again and again uses up the steps.
    run.spend(text.as_ref().map_or(0, |text| text.len() / 4))?;
    Ok(text)
}

/// The input and the first argument, where both are there.
fn both<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>) -> Result<Pair<'a>, Stop> {
    let text = input(run, call)?;
    let other = argument(run, call, 0)?;
    Ok(text.zip(other))
}

fn test<'a>(
    run: &mut Evaluator<'a>,
    call: &Call<'a, '_>,
    out: &mut Items<'a>,
    test: impl Fn(&str, &str) -> bool,
) -> Done {
    out.extend(both(run, call)?.map(|(text, other)| Value::Boolean(test(&text, &other))));
    Ok(())
}

fn map<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, out: &mut Items<'a>, map: impl Fn(&str) -> String) -> Done {
    out.extend(input(run, call)?.map(|text| Value::String(map(&text).into())));
    Ok(())
}

pub(super) fn contains<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    test(run, &call, out, |text, other| text.contains(other))
}

pub(super) fn starts_with<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    test(run, &call, out, |text, other| text.starts_with(other))
}

pub(super) fn ends_with<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    test(run, &call, out, |text, other| text.ends_with(other))
}

pub(super) fn upper<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    map(run, &call, out, str::to_uppercase)
}

pub(super) fn lower<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    map(run, &call, out, str::to_lowercase)
}

pub(super) fn trim<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    map(run, &call, out, |text| text.trim().to_owned())
}

pub(super) fn length<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(input(run, &call)?.map(|text| Value::Integer(text.chars().count() as i64)));
    Ok(())
}

/// The place of a byte in characters, -1 for none.
fn place<'a>(text: &str, byte: Option<usize>) -> Value<'a> {
    Value::Integer(byte.and_then(|byte| text.get(..byte)).map_or(-1, |before| before.chars().count() as i64))
}

pub(super) fn index_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(both(run, &call)?.map(|(text, other)| place(&text, text.find(&*other))));
    Ok(())
}

pub(super) fn last_index_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(both(run, &call)?.map(|(text, other)| place(&text, text.rfind(&*other))));
    Ok(())
}

pub(super) fn substring<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let text = input(run, &call)?;
    let mut numbers = [None, None];
    for (at, number) in numbers.iter_mut().enumerate() {
        if let Some(term) = call.argument(at) {
            let items = run.separate(term, call.focus)?;
            *number = run.integer(call.name, &items)?;
        }
    }
    let [Some(start), length] = numbers else { return Ok(()) };
    let (Some(text), Ok(start)) = (text, usize::try_from(start)) else { return Ok(()) };
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    let mut rest = text.chars().skip(start).peekable();
    if rest.peek().is_some() {
        out.push(Value::String(rest.take(length).collect::<String>().into()));
    }
    Ok(())
}

pub(super) fn replace<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let pair = both(run, &call)?;
    let with = argument(run, &call, 1)?;
    if let (Some((text, pattern)), Some(with)) = (pair, with) {
        run.spend(text.len() + text.len().saturating_mul(with.len()) / (pattern.len() + 1))?;
        out.push(Value::String(text.replace(&*pattern, &with).into()));
    }
    Ok(())
}

/// The compiled pattern: one that stands in the expression was compiled with it.
fn regex<'a>(run: &mut Evaluator<'a>, pattern: &str) -> Result<Cow<'a, Regex>, Stop> {
    if let Some((_, regex)) = run.expression.patterns.iter().find(|(text, _)| **text == *pattern) {
        return Ok(Cow::Borrowed(regex));
    }
    run.spend(PATTERN_STEPS + pattern.len())?;
    parse::pattern(pattern).map(Cow::Owned).ok_or_else(|| EvalError::Pattern(pattern.to_owned()).into())
}

pub(super) fn matches<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let Some((text, pattern)) = both(run, &call)? {
        let regex = regex(run, &pattern)?;
        run.spend(text.len())?;
        out.push(Value::Boolean(regex.is_match(&text)));
    }
    Ok(())
}

pub(super) fn matches_full<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let Some((text, pattern)) = both(run, &call)? {
        let regex = regex(run, &format!(r"\A(?:{pattern})\z"))?;
        run.spend(text.len())?;
        out.push(Value::Boolean(regex.is_match(&text)));
    }
    Ok(())
}

pub(super) fn replace_matches<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let pair = both(run, &call)?;
    let with = argument(run, &call, 1)?;
    if let (Some((text, pattern)), Some(with)) = (pair, with) {
        let replaced = if pattern.is_empty() {
            text
        } else {
            let regex = regex(run, &pattern)?;
            run.spend(text.len() + text.len().saturating_mul(with.len()))?;
            regex.replace_all(&text, &*with).into_owned().into()
        };
        out.push(Value::String(replaced));
    }
    Ok(())
}

pub(super) fn to_chars<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let Some(text) = input(run, &call)? {
        run.spend(text.len())?;
        out.extend(text.chars().map(|letter| Value::String(letter.to_string().into())));
    }
    Ok(())
}

pub(super) fn split<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let Some((text, separator)) = both(run, &call)? {
        run.spend(text.len())?;
        out.extend(text.split(&*separator).map(|part| Value::String(part.to_owned().into())));
    }
    Ok(())
}

pub(super) fn join<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let separator = match call.argument(0) {
        Some(_) => argument(run, &call, 0)?,
        None => Some("".into()),
    };
    let Some(separator) = separator else { return Ok(()) };
    let mut joined = String::new();
    for (index, item) in call.input.iter().enumerate() {
        let Some(text) = run.text(call.name, std::slice::from_ref(item))? else { continue };
        if index > 0 {
            joined.push_str(&separator);
        }
        run.spend(1 + text.len() + separator.len())?;
        joined.push_str(&text);
    }
    if !call.input.is_empty() {
        out.push(Value::String(joined.into()));
    }
    Ok(())
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = alphabet.get((bits >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

fn from_base64(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = alphabet.iter().position(|letter| *letter == byte)?;
        bits = (bits << 6 | value as u32) & 0xFF_FFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|letter| letter.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | *digit as u8)).collect())
}

pub(super) fn encode<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some((text, format)) = both(run, &call)? else { return Ok(()) };
    let encoded = match &*format {
        "hex" => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        "base64" => base64(text.as_bytes(), STANDARD),
        "urlbase64" => base64(text.as_bytes(), FOR_URLS),
        _ => return Err(run.type_error(call.name, "'hex', 'base64' or 'urlbase64'", &Value::String(format))),
    };
    out.push(Value::String(encoded.into()));
    Ok(())
}

pub(super) fn decode<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some((text, format)) = both(run, &call)? else { return Ok(()) };
    let decoded = match &*format {
        "hex" => from_hex(&text),
        "base64" => from_base64(&text, STANDARD),
        "urlbase64" => from_base64(&text, FOR_URLS),
        _ => return Err(run.type_error(call.name, "'hex', 'base64' or 'urlbase64'", &Value::String(format))),
    };
    out.extend(decoded.and_then(|bytes| String::from_utf8(bytes).ok()).map(|text| Value::String(text.into())));
    Ok(())
}

/// Letters and what HTML writes for them; the ampersand stands first, so that it is escaped first.
const HTML: &[(&str, &str)] = &[("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")];
/// The same for JSON, the backslash first.
const JSON: &[(&str, &str)] =
    &[("\\", "\\\\"), ("\"", "\\\""), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\u{8}", "\\b"), ("\u{c}", "\\f")];

fn escapes<'a>(
    run: &Evaluator<'a>,
    call: &Call<'a, '_>,
    target: Cow<'a, str>,
) -> Result<&'static [(&'static str, &'static str)], Stop> {
    match &*target {
        "html" => Ok(HTML),
        "json" => Ok(JSON),
        _ => Err(run.type_error(call.name, "'html' or 'json'", &Value::String(target))),
    }
}

pub(super) fn escape<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some((text, target)) = both(run, &call)? else { return Ok(()) };
    let table = escapes(run, &call, target)?;
    run.spend(text.len())?;
    let escaped = table.iter().fold(text.into_owned(), |text, (letter, escape)| text.replace(letter, escape));
    out.push(Value::String(escaped.into()));
    Ok(())
}

pub(super) fn unescape<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some((text, target)) = both(run, &call)? else { return Ok(()) };
    let table = escapes(run, &call, target)?;
    run.spend(text.len())?;
    let (mut rest, mut plain) = (&*text, String::with_capacity(text.len()));
    while let Some(letter) = rest.chars().next() {
        let (letters, length) = match table.iter().find(|(_, escape)| rest.starts_with(escape)) {
            Some((letters, escape)) => (*letters, escape.len()),
            None => (rest.get(..letter.len_utf8()).unwrap_or(""), letter.len_utf8()),
        };
        plain.push_str(letters);
        rest = rest.get(length..).unwrap_or("");
    }
    out.push(Value::String(plain.into()));
    Ok(())
}
