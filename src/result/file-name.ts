/** @module The name of a result's file, apart from what reads one: that loads the schema of the document, which a run needs only at its end. */

/** The file of a result in its folder. */
export const RESULT_FILE = 'result.json';
