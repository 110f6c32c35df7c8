/** @module `npm run schema`: writes the files generated from the table of sections: the JSON Schema for editors and the reference. */
import { writeFile } from 'node:fs/promises';
import { GENERATED } from './generated.ts';

for (const { file, text } of GENERATED) await writeFile(new URL(`../../../${file}`, import.meta.url), text());
