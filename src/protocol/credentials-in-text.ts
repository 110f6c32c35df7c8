/** @module Credentials in text, known by their form: the one table of these forms, for errors, evidence, audit logs and traces. */

/** A parameter of a challenge, which is no credential: `realm="x"`. Base64 may end with `=`, also before the quote that ends a string. */
const PARAMETER = String.raw`[\w-]+=(?:\\?"(?![\s",:)\]}]|$)|[\w/.:])`;
/** A word behind a scheme, of which the text speaks. */
const SPOKEN_OF = String.raw`(?:auth\w*|credentials?|challenges?|required|tokens?)(?![\w\-.~+/=])`;
/** A word that is no Base64. */
const WORD = String.raw`[A-Za-z][a-z]*(?![\w\-.~+/=])`;
const TOKEN = String.raw`[\w\-.~+/]{8,}=*`;

/** Forms of credentials. The group of each is what stands before one and stays, since it says what was there. */
type Forms = readonly RegExp[];

/** Tokens as they are sent: an access token, Base64 and a JSON Web Token, which may be cut off in its second part. Sources: RFC 9110, section 11.4; RFC 7519, section 3. */
const TOKENS: Forms = [
  new RegExp(String.raw`(\b(?:bearer|dpop)\s{1,8})(?!${PARAMETER}|${SPOKEN_OF})${TOKEN}`, 'gi'),
  new RegExp(String.raw`(\b(?:[Bb]asic|BASIC|[Nn]egotiate)\s{1,8})(?!${PARAMETER}|${WORD})${TOKEN}`, 'g'),
  /()\beyJ[\w-]{6,}\.[\w-]*(?:\.|$)(?:[\w-]*\.)*[\w-]*/g,
];

/** Keys that services give out. Sources: the documentation of each, and the rules of gitleaks. */
const KEYS: Readonly<Record<string, RegExp>> = {
  'OpenAI, Anthropic and others': /(?<![\w-])sk-(?=[\w-]*[A-Za-z0-9]{16})(?=[\w-]*\d)[\w-]{16,}/,
  Stripe: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/]{16,}=*/,
  GitHub: /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{22,}/,
  GitLab: /\bgl(?:pat|dt|rt|ptt|oas)-[\w-]{16,}/,
  Slack: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}/,
  AWS: /\bA(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}\b/,
  Google: /\bAIza[\w-]{30,}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/,
  npm: /\bnpm_[A-Za-z0-9]{30,}/,
  PyPI: /\bpypi-[\w-]{50,}/,
  'Hugging Face': /\bhf_[A-Za-z0-9]{30,}/,
  SendGrid: /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  DigitalOcean: /\bdo[opr]_v1_[a-f0-9]{32,}/,
  Databricks: /\bdapi[a-f0-9]{32}/,
  Shopify: /\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/,
  'Telegram bots': /\b\d{8,10}:AA[\w-]{33}/,
};
/** Any of them, so that a text is searched once. */
const KEY = new RegExp(
  `()(?:${Object.values(KEYS)
    .map(({ source }) => source)
    .join('|')})`,
  'g',
);

/** Words that say that a value is a credential. */
const NAME = `(?<![A-Za-z])(?:${[
  '(?:(?:access|refresh|id|auth|api|bearer)[_-]?)?token',
  '(?:(?:client|shared|webhook|app)[_-]?)?secret(?:[_-]?(?:access[_-]?)?key)?',
  '(?:api|access|private|account|encryption|signing)[_-]?key',
  'assertion',
  // `PGPASSWORD`, `userpassword`.
  '[a-z]{0,24}passw(?:or)?d',
  'passphrase',
  // With a path, it is what shells call the working directory.
  String.raw`pwd(?!\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?/)`,
].join('|')})`;
/** A name and what stands between it and its value, also in JSON, and in JSON in a string. */
const NAMED = String.raw`${NAME}\\?["']?\s{0,4}[:=]\s{0,4}\\?`;
/** Values that are none: types, states, places where a credential is put in, what was removed before, and the name of the next one. */
const NO_VALUE = [
  String.raw`(?:string|str|number|null|none|undefined|true|false|required|optional|missing|invalid|expired|empty)(?![\w-])`,
  String.raw`\$\{|\{\{|<[\w -]+>|\*{3,}(?!\w)`,
  String.raw`\((?:removed|not)`,
  NAMED,
].join('|');
/** A value in double quotes, in single ones, or without. */
const VALUE = [
  String.raw`(?<=")(?:[^"\\\r\n]|\\(?!"))+`,
  String.raw`(?<=')(?:[^'\\\r\n]|\\(?!'))+`,
  String.raw`(?<!["'])[^\s"'&,;}]{4,}`,
].join('|');

/** Credentials that are named, as a value or as an option of a command, or stand where one belongs: in a URL, of a website also a user alone, and in a private key. */
const IN_PLACES: Forms = [
  new RegExp(`(${NAMED}["']?)(?!${NO_VALUE})(?:${VALUE})`, 'gi'),
  new RegExp(String.raw`(--(?:[a-z]{1,12}-)?${NAME}\s)(?!-|${NO_VALUE})[^\s"']{4,}`, 'gi'),
  /(:\/\/)(?!\(removed\))(?:[^\s/?#"'<>:@]*:[^\s/?#"'<>]*|(?<=https?:\/\/)[^\s/?#"'<>:@]+)(?=@)/gi,
  /(\bhooks\.slack\.com\/(?:services|workflows)\/)[\w/]{16,}/g,
  /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]+?(?=-----END|$)/g,
];

const FORMS: Forms = [...TOKENS, KEY, ...IN_PLACES];

/** A text without what was found in it. */
export interface Cleared {
  readonly text: string;
  /** How many credentials were removed. */
  readonly removed: number;
}

/** `text` with `(removed)` in place of each credential. */
export function clearCredentials(text: string): Cleared {
  let removed = 0;
  const remove = (_: string, before: string): string => {
    removed += 1;
    return `${before}(removed)`;
  };
  return { text: FORMS.reduce((rest, form) => rest.replace(form, remove), text), removed };
}

/** `text` with everything that looks like a credential removed. */
export const withoutCredentials = (text: string): string => clearCredentials(text).text;

/** Whether there is a token in `text`, in a form in which it is sent. */
export const hasToken = (text: string): boolean => TOKENS.some((form) => text.search(form) >= 0);
