//! The table of functions: a name, how many arguments it takes, and what runs it.

mod collections;
mod convert;
mod fhir;
mod numbers;
mod strings;

use super::Stop;
use super::eval::{Evaluator, Focus, Items};
use super::value::Value;

/// A call with its input evaluated and its arguments not yet.
pub(crate) struct Call<'a, 's> {
    pub name: &'static str,
    pub input: &'s [Value<'a>],
    pub arguments: &'a [u32],
    /// What surrounds the call: arguments that are plain values are evaluated on it.
    pub focus: Focus<'a, 's>,
}

impl<'a, 's> Call<'a, 's> {
    /// The term of an argument.
    fn argument(&self, at: usize) -> Option<u32> {
        self.arguments.get(at).copied()
    }

    /// The focus for an argument that is evaluated on each item.
    fn on(&self, item: &'s Value<'a>, index: usize) -> Focus<'a, 's> {
        Focus { this: std::slice::from_ref(item), index: Some(index), total: self.focus.total }
    }
}

type Run = for<'e, 'a, 's> fn(&'e mut Evaluator<'a>, Call<'a, 's>, &'e mut Items<'a>) -> Result<(), Stop>;

/// What may be known of a function's result without making its input: most invariants ask only whether there is an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing.
    Plain,
    /// Without arguments it asks whether there is an item, and gives this where there is.
    Exists(bool),
    /// It asks how many items there are.
    Count,
    /// It gives the children.
    Children,
    /// It gives everything inside.
    Descendants,
}

/// A function of FHIRPath or of FHIR.
#[derive(Debug)]
pub(crate) struct Function {
    pub name: &'static str,
    /// The least number of arguments.
    pub least: usize,
    /// The greatest number of arguments.
    pub most: usize,
    pub run: Run,
    pub shape: Shape,
    /// Its first argument is a regular expression.
    pub pattern: bool,
}

const fn function(name: &'static str, least: usize, most: usize, run: Run) -> Function {
    Function { name, least, most, run, shape: Shape::Plain, pattern: false }
}

const fn existence(name: &'static str, most: usize, exists: bool, run: Run) -> Function {
    Function { name, least: 0, most, run, shape: Shape::Exists(exists), pattern: false }
}

const fn shaped(name: &'static str, shape: Shape, run: Run) -> Function {
    Function { name, least: 0, most: 0, run, shape, pattern: false }
}

const fn matching(name: &'static str, arguments: usize, run: Run) -> Function {
    Function { name, least: arguments, most: arguments, run, shape: Shape::Plain, pattern: true }
}

/// Sorted by name.
static FUNCTIONS: &[Function] = &[
    function("abs", 0, 0, numbers::abs),
    function("aggregate", 1, 2, collections::aggregate),
    function("all", 1, 1, collections::all),
    function("allFalse", 0, 0, collections::all_false),
    function("allTrue", 0, 0, collections::all_true),
    function("anyFalse", 0, 0, collections::any_false),
    function("anyTrue", 0, 0, collections::any_true),
    function("avg", 0, 0, numbers::avg),
    function("ceiling", 0, 0, numbers::ceiling),
    function("checkModifiers", 0, 64, fhir::check_modifiers),
    shaped("children", Shape::Children, collections::children),
    function("coalesce", 1, 64, collections::coalesce),
    function("combine", 1, 2, collections::combine),
    function("comparable", 1, 1, numbers::comparable),
    function("conformsTo", 1, 1, fhir::conforms_to),
    function("contains", 1, 1, strings::contains),
    function("convertsToBoolean", 0, 0, convert::converts_to_boolean),
    function("convertsToDate", 0, 1, convert::converts_to_date),
    function("convertsToDateTime", 0, 1, convert::converts_to_date_time),
    function("convertsToDecimal", 0, 0, convert::converts_to_decimal),
    function("convertsToInteger", 0, 0, convert::converts_to_integer),
    function("convertsToLong", 0, 0, convert::converts_to_integer),
    function("convertsToQuantity", 0, 1, convert::converts_to_quantity),
    function("convertsToString", 0, 0, convert::converts_to_string),
    function("convertsToTime", 0, 0, convert::converts_to_time),
    shaped("count", Shape::Count, collections::count),
    function("dateOf", 0, 0, convert::date_of),
    function("dayOf", 0, 0, convert::part_of),
    function("decode", 1, 1, strings::decode),
    function("defineVariable", 1, 2, collections::define_variable),
    shaped("descendants", Shape::Descendants, collections::descendants),
    function("distinct", 0, 0, collections::distinct),
    function("elementDefinition", 0, 0, fhir::element_definition),
    existence("empty", 0, false, collections::empty),
    function("encode", 1, 1, strings::encode),
    function("endsWith", 1, 1, strings::ends_with),
    function("escape", 1, 1, strings::escape),
    function("exclude", 1, 1, collections::exclude),
    existence("exists", 1, true, collections::exists),
    function("exp", 0, 0, numbers::exp),
    function("extension", 1, 1, fhir::extension),
    function("first", 0, 0, collections::first),
    function("floor", 0, 0, numbers::floor),
    function("getReferenceKey", 0, 1, fhir::reference_key),
    function("getResourceKey", 0, 0, fhir::resource_key),
    function("getValue", 0, 0, fhir::get_value),
    function("hasExtension", 1, 1, fhir::has_extension),
    function("hasValue", 0, 0, fhir::has_value),
    function("highBoundary", 0, 1, numbers::high_boundary),
    function("hourOf", 0, 0, convert::part_of),
    function("htmlChecks", 0, 0, fhir::html_checks),
    function("htmlchecks", 0, 0, fhir::html_checks),
    function("iif", 2, 3, collections::iif),
    function("indexOf", 1, 1, strings::index_of),
    function("intersect", 1, 1, collections::intersect),
    function("isDistinct", 0, 0, collections::is_distinct),
    function("join", 0, 1, strings::join),
    function("last", 0, 0, collections::last),
    function("lastIndexOf", 1, 1, strings::last_index_of),
    function("length", 0, 0, strings::length),
    function("ln", 0, 0, numbers::ln),
    function("log", 1, 1, numbers::log),
    function("lowBoundary", 0, 1, numbers::low_boundary),
    function("lower", 0, 0, strings::lower),
    matching("matches", 1, strings::matches),
    function("matchesFull", 1, 1, strings::matches_full),
    function("max", 0, 0, numbers::max),
    function("memberOf", 1, 1, fhir::member_of),
    function("millisecondOf", 0, 0, convert::part_of),
    function("min", 0, 0, numbers::min),
    function("minuteOf", 0, 0, convert::part_of),
    function("monthOf", 0, 0, convert::part_of),
    function("not", 0, 0, collections::not),
    function("now", 0, 0, convert::now),
    function("power", 1, 1, numbers::power),
    function("precision", 0, 0, numbers::precision),
    function("repeat", 1, 1, collections::repeat),
    function("repeatAll", 1, 1, collections::repeat_all),
    function("replace", 2, 2, strings::replace),
    matching("replaceMatches", 2, strings::replace_matches),
    function("resolve", 0, 0, fhir::resolve),
    function("round", 0, 1, numbers::round),
    function("secondOf", 0, 0, convert::part_of),
    function("select", 1, 1, collections::select),
    function("single", 0, 0, collections::single),
    function("skip", 1, 1, collections::skip),
    function("slice", 2, 2, fhir::slice),
    function("sort", 0, 16, collections::sort),
    function("split", 1, 1, strings::split),
    function("sqrt", 0, 0, numbers::sqrt),
    function("startsWith", 1, 1, strings::starts_with),
    function("subsetOf", 1, 1, collections::subset_of),
    function("substring", 1, 2, strings::substring),
    function("subsumedBy", 1, 1, fhir::subsumes),
    function("subsumes", 1, 1, fhir::subsumes),
    function("sum", 0, 0, numbers::sum),
    function("supersetOf", 1, 1, collections::superset_of),
    function("tail", 0, 0, collections::tail),
    function("take", 1, 1, collections::take),
    function("timeOf", 0, 0, convert::time_of),
    function("timeOfDay", 0, 0, convert::time_of_day),
    function("timezoneOffsetOf", 0, 0, convert::part_of),
    function("toBoolean", 0, 0, convert::to_boolean),
    function("toChars", 0, 0, strings::to_chars),
    function("toDate", 0, 1, convert::to_date),
    function("toDateTime", 0, 1, convert::to_date_time),
    function("toDecimal", 0, 0, convert::to_decimal),
    function("toInteger", 0, 0, convert::to_integer),
    function("toLong", 0, 0, convert::to_integer),
    function("toQuantity", 0, 1, convert::to_quantity),
    function("toString", 0, 0, convert::to_string),
    function("toTime", 0, 0, convert::to_time),
    function("today", 0, 0, convert::today),
    function("trace", 1, 2, collections::trace),
    function("trim", 0, 0, strings::trim),
    function("truncate", 0, 0, numbers::truncate),
    function("type", 0, 0, fhir::type_info),
    function("unescape", 1, 1, strings::unescape),
    function("union", 1, 1, collections::union),
    function("upper", 0, 0, strings::upper),
    function("where", 1, 1, collections::filter),
    function("yearOf", 0, 0, convert::part_of),
];

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok().and_then(|at| FUNCTIONS.get(at))
}

/// A function whose name differs in capitals only, for a hint.
pub(crate) fn similar(name: &str) -> Option<&'static str> {
    FUNCTIONS.iter().map(|function| function.name).find(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::FUNCTIONS.is_sorted_by(|left, right| left.name < right.name));
    }
}
