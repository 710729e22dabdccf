/**
 * Every limit on size or time that more than one place must agree on, or that a page of the docs states. Limits of one
 * provider are kept with that provider. Only constants, because the workflow sandbox loads this file, too.
 */

// A document.

/** Largest document, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 1_048_576;
/** Most nodes of a document, including those inside containers. */
export const MAX_DOCUMENT_NODES = 2_000;
/** Deepest nesting of lists and maps in a document. A container inside another takes two levels. */
export const MAX_DOCUMENT_NESTING = 100;
/** Most problems reported at once, because a broken document repeats the same mistake. */
export const MAX_PROBLEMS = 200;

// An expression.

/** Units of fuel for one expression. Measured: about 10 ms of work; the time limit is 50 ms. */
export const FUEL_PER_EXPRESSION = 200_000;
/** Longest text that an expression may create, or read as a whole, in UTF-16 units. */
export const MAX_EXPRESSION_TEXT = 1_048_576;
/** Longest list, and most properties of one object, that an expression may create. */
export const MAX_EXPRESSION_LIST = 100_000;
/**
 * Most characters of all texts of one value that expressions make, each text counted as often as it is in the value: a list
 * can hold one text a hundred thousand times, and takes no memory until it is written as JSON.
 */
export const MAX_RESULT_TEXT = 16_777_216;
/** Deepest nesting of an expression's syntax, and of the values it creates. */
export const MAX_EXPRESSION_DEPTH = 64;
/** Longest source of one expression, in characters. */
export const MAX_EXPRESSION_SOURCE = 8_192;
/** Characters or elements produced per unit of fuel. */
export const PRODUCED_PER_FUEL = 16;
/** Longest source of a regular expression. Together with the limit on its program, it bounds the memory used. */
export const MAX_REGEX_SOURCE = 500;
/** Most instructions of a compiled regular expression: `[a-z]{200}` has about 200. */
export const MAX_REGEX_PROGRAM = 500;
/**
 * Largest estimate of a program that is compiled at all: the compiler takes about 3 µs per instruction, and counts only
 * at the end. Far above the limit, because an estimate can be too high, and what was accepted must stay accepted.
 */
export const MAX_REGEX_EXTENT = 10_000;
/** Longest date pattern, because unclosed brackets make reading a pattern quadratic. */
export const MAX_DATE_PATTERN = 200;
/** Longest path of `path.get`. */
export const MAX_PATH = 1_000;

// A JSON Schema that an author writes.

/** Units of fuel for one check of a value against a schema. Measured: at most 80 ms of work; the limit is 100 ms. */
export const FUEL_PER_SCHEMA = 700_000;
/** Longest pattern of a schema, and most instructions of its program: more than in expressions, as schemas need them. */
export const MAX_SCHEMA_REGEX = 2_000;
/** Most schemas that apply to the same value, through `allOf`, `anyOf`, `$ref` and the like. */
export const MAX_SCHEMA_ALTERNATIVES = 10_000;
/** How deep schemas for the same value may be nested in each other, or refer to each other. */
export const MAX_SCHEMA_NESTING = 100;
/** Deepest nesting of schemas during a check, the levels of the value included. */
export const MAX_SCHEMA_DEPTH = 400;
/** Most problems of one check. Alternatives report one each. */
export const MAX_SCHEMA_PROBLEMS = 50;

// What Temporal's history holds by value, in bytes of JSON. Larger values are stored and travel as references.

/** Largest packed plan in the start of a run. */
export const PLAN_IN_START = 200_000;
/** Largest input, largest facts of the trigger, and largest variables in the start of a run. */
export const INPUT_IN_START = 64 * 1024;
/** Largest field of a trigger that stays in the start when the trigger as a whole is too large. */
export const TRIGGER_FIELD_IN_START = 4 * 1024;
/** Largest start of a further execution, snapshot included: no payload in history is larger than 512 KiB. */
export const START_IN_HISTORY = 500_000;
/** Largest parameters of an effect, and largest output of a run. */
export const REQUEST_IN_HISTORY = 256_000;
/** Largest input of an internal activity that replaces a local one. */
export const INTERNAL_INPUT_IN_HISTORY = 128_000;
/** Largest output of an effect, and largest value that an expression may compute from stored data. */
export const OUTPUT_IN_HISTORY = 32_768;
/** How much of a stored value is shown beside its reference, in characters of its JSON. */
export const PREVIEW_OF_STORED = 200;
/** How much is shown of a value that is too long for a record, in characters of its JSON. */
export const PREVIEW_IN_RECORD = 1_000;
/** Largest output of a node that computes in the run, once the run holds a lot. */
export const SMALL_OUTPUT = 1_024;

// What a run holds in memory, in bytes as `weigh.ts` counts them.

/** Most that a run holds by value. A quarter of it is a lot: from there on, small values are stored, too. */
export const BYTES_HELD = 4_000_000;
/** Most that a dry run holds: nothing is stored for it. */
export const BYTES_HELD_IN_DRY_RUN = 64_000_000;
/** Most records of ended steps that a run holds until it writes them. */
export const RECORDS_HELD = 1_000_000;

// How many runs of a workflow there may be.

/** Largest limit of `concurrency` and `rateLimit`. */
export const MAX_RUNS_OF_LIMIT = 10_000;
/** Longest time of `rateLimit`, `debounce` and `batch`: 30 days. */
export const LONGEST_LIMIT_MS = 30 * 86_400_000;
/** Most items of a batch, and most bytes of JSON. A batch of one item may be larger. */
export const MAX_BATCH_ITEMS = 1_000;
export const MAX_BATCH_BYTES = 2_000_000;

// JSON that comes from outside.

/**
 * Most that one value may hold, in the units of `json-extent.ts`. Measured: each of the passes that are made over it takes at
 * most a quarter of a second.
 */
export const UNITS_OF_JSON = 8_000_000;
/** Says so to people. */
export const MOST_OF_JSON = 'about 170,000 records of ten fields';
/** Most that the body of a request may hold, because the API has others to serve meanwhile. */
export const UNITS_OF_BODY = 5_000_000;
export const MOST_OF_BODY = 'about 100,000 records of ten fields';
/** Most that a step, or what a container does, reads of stored data at once. */
export const UNITS_AT_ONCE = 2 * UNITS_OF_JSON;
export const MOST_AT_ONCE = 'about 340,000 records of ten fields';

// A message to a run.

/** Largest data of an event or of a decision, in bytes of JSON, because messages go into the histories of runs. */
export const LARGEST_MESSAGE = 256_000;

// A record of a run.

/** Longest value that a step's record keeps whole, in characters of JSON. */
export const VALUE_IN_RECORD = 32_768;
/** Most steps that an answer shows with their run, and most bytes of JSON of their data. There are pages for the others. */
export const STEPS_SHOWN = 10_000;
export const BYTES_OF_STEPS_SHOWN = 8_000_000;
/** Waits longer than this are kept in the wait index, in milliseconds. */
export const INDEXED_WAIT_MS = 10_000;

// Time.

/** Longest back-off left to Temporal's own retries, in milliseconds. Longer ones are timers of the interpreter. */
export const LONGEST_TEMPORAL_BACKOFF_MS = 600_000;

// What one activation of the interpreter does before it lets others work.

/** Steps started in one activation. */
export const STARTS_PER_ACTIVATION = 500;
/** Bytes of commands given to Temporal in one activation. */
export const COMMAND_BYTES_PER_ACTIVATION = 1_000_000;
/** Effects of one run that are pending in Temporal at the same time. `run-state/steps/queue.ts` holds the others back. */
export const EFFECTS_IN_FLIGHT = 500;
/** The same for effects of a queue in which only a few have their turn at a time: what waits there is work for Temporal. */
export const IN_FLIGHT_OF_QUEUE: Readonly<Record<string, number>> = { code: 48 };
/** Effects of one run that may be in flight at first, and how many more each second while slow ones take all places. */
export const IN_FLIGHT_AT_FIRST = 24;
/** Fuel spent in one activation: about 50 ms of work on two slow cores. */
export const FUEL_PER_ACTIVATION = 1_000_000;
/** Fuel that a run may use without longer rests: about two seconds of work. */
export const FUEL_AT_ONCE = 40 * FUEL_PER_ACTIVATION;
/** Fuel that a run regains per millisecond. Once it has used up what it may use at once, it gets a twentieth of a core. */
export const FUEL_PER_MS = 1_000;
/** Longest rest between two slices of pure work, in milliseconds: a run hears of nothing while it rests. */
export const LONGEST_REST_MS = 1_000;
/** Longest list that a `forEach` works through in the run itself. Longer ones become chains of child workflows. */
export const ITEMS_WITHOUT_CHAINS = 500;
/** Most child workflows of one loop, however high its concurrency. */
export const MAX_CHAINS = 8;

// A file of graph tests.

/** Most cases of one file. */
export const MAX_CASES = 1_000;
/** Fuel for the run of one case: about five seconds of work. */
export const FUEL_PER_CASE = 100_000_000;
/** Most steps of the run of one case, because an endless loop must fail soon. */
export const STEPS_PER_CASE = 20_000;
/** Most bytes that the effects of one case's run ask for, as `weigh.ts` counts them. */
export const BYTES_REQUESTED_PER_CASE = 64_000_000;
/** Most differences that are listed of one case. */
export const MAX_DIFFERENCES = 20;
