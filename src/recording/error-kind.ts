/** @module The kind of an error: its detail without what differs from call to call, such as ids, so that equal errors are counted together. */

/** Stands for what was taken out. */
const LEFT_OUT = '…';

/** A token with a digit in it, or an address or a date as a whole. */
const TOKEN = /\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[\w-]*\d[\w-]*/g;
/** An address, which names one of few; the date of a protocol version; an error code of JSON-RPC. */
const KEPT = /^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\d{4}-\d\d-\d\d|-\d+)$/;
/** The status or error code at the start of a detail. */
const LEADING_CODE = /^\d+$/;
/** A word that names a session or request, where what follows is said of it: `Session abc not found`. */
const NAMED =
  /\b((?:session|request)(?:[ _-]?id)?[ :=]*["'`]?)(?!(?:id|not|is|was|has|does|header|expired|unknown|closed|terminated|…)\b)[\w.-]+(?=["'`]?,? (?:not|is|was|has|does|expired|unknown|closed|terminated)\b)/gi;

/** The kind of the error with this detail, as its text with ids, numbers and times left out. The kind of a kind is itself. */
export function errorKind(detail: string): string {
  return detail
    .replace(TOKEN, (token, at: number) =>
      KEPT.test(token) || (at === 0 && LEADING_CODE.test(token)) ? token : LEFT_OUT,
    )
    .replace(NAMED, `$1${LEFT_OUT}`);
}
