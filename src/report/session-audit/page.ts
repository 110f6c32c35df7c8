/** @module An audit as a page of its own, and as a section of the page of a result. */
import { mostNeedAddresses, type SessionAudit } from '../../session-audit/document.ts';
import { shell } from '../format/html/shell.ts';
import { EMPTY, html, type Markup } from '../format/markup.ts';
import { plain } from '../wording.ts';
import { evidenceIn, extentOf, foundIn, triedIn } from './parts.ts';

/** The audit as the text of an HTML file. */
export async function sessionAuditPage(audit: SessionAudit): Promise<string> {
  const { target, findings } = audit;
  const title = findings.length === 0 ? nothingFound(audit) : 'What depends on where a call lands';
  return shell(
    title,
    html`<header>
<p class="brand"><b>Paceline</b> · audit of ${plain(target.url)}</p>
<h1>${title}</h1>
${extentOf(audit)}
</header>
${foundIn(audit)}
${findings.length === 0 ? EMPTY : html`<h2>Evidence</h2>${evidenceIn(audit)}`}
<h2>What was tried</h2>
${await triedIn(audit)}`,
  );
}

function nothingFound({ complete, checks }: SessionAudit): string {
  if (!complete) return 'Not complete: nothing found so far';
  return mostNeedAddresses(checks) ? 'Nothing found, by few of the checks' : 'No hidden session found';
}

/**
 * The audit as a section of the run of `profileFile`. It was made in another run, maybe of other servers, so the section says of which ones,
 * and when, and names the profile of the run where it is another file.
 */
export async function sessionAuditSection(audit: SessionAudit, profileFile?: string): Promise<Markup> {
  const { target, createdAt, profile } = audit;
  const url = plain(target.url);
  const asked = createdAt === undefined ? url : `${url} at ${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
  const other = profile !== undefined && profileFile !== undefined && profile.file !== profileFile;
  const load = other ? ` The load is that of another file, ${plain(profileFile)}.` : '';
  return html`<h2>Hidden sessions</h2>
<p class="quiet">Not part of the load: <code>paceline audit</code> asked ${asked}.${load}</p>
${extentOf(audit)}
${foundIn(audit)}
${evidenceIn(audit)}
${await triedIn(audit)}`;
}
