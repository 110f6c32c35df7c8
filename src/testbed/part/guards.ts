/** @module The part `guards`: what the checks of a fleet's processes are started with, and the folder of their audit logs. */
import { rm } from 'node:fs/promises';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import type { AuthSettings } from '../../profile/settings.ts';
import { auditFilesIn } from '../audit-files.ts';
import { guardInputs } from '../guard-input.ts';
import type { Part } from '../part.ts';

/** Checks as `auth` says, at the authorization server that an earlier part offers. */
export function guardsPart(auth: AuthSettings): Part {
  return {
    async start({ offered: { authority }, keep }) {
      if (authority === undefined) throw new Error('No earlier part offers an authorization server');
      const ownFolder =
        auth.audit === true && keep === undefined ? await temporaryFolder('audit') : undefined;
      const folder = auth.audit === true ? (keep ?? ownFolder?.path) : undefined;
      if (folder !== undefined) await removeOldLogs(folder);
      const stop = async (): Promise<void> => ownFolder?.remove();
      try {
        const guardOf = await guardInputs({ auth, authority, auditFolder: folder });
        return {
          offers: { guardOf, ...(folder !== undefined && { auditFolder: folder }) },
          notes: () => [],
          stop,
        };
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}

/** A folder that is kept may hold the logs of an earlier run with the same trace contexts. */
async function removeOldLogs(folder: string): Promise<void> {
  await Promise.all((await auditFilesIn(folder)).map((path) => rm(path)));
}
