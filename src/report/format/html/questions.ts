/** @module The questions of a profile on the page: the answers on top, and for each question a part with the variants that answer it. */
import { type Answered, answered, NO_ANSWER, OTHER_VARIANTS } from '../../findings/answers/answers.ts';
import type { Model } from '../../model.ts';
import { keepUnits } from '../../wording.ts';
import { EMPTY, html, lowered, type Markup } from '../markup.ts';
import { findingList } from './findings.ts';

const idOf = ({ number }: Answered): string => `question-${number}`;

/** The questions with their answers, each leading to its part; nothing where the profile asks none. */
export function answerList(model: Model): Markup {
  const asked = answered(model).filter(({ question }) => question !== '');
  if (asked.length === 0) return EMPTY;
  return html`<ol class="answers">${asked.map(
    (one) => html`<li><a href="#${idOf(one)}">${one.question}</a> ${keepUnits(one.answer || NO_ANSWER)}</li>`,
  )}</ol>`;
}

/** A part for each question: its findings, and what `content` shows of its variants. */
export async function questions(model: Model, content: (model: Model) => Promise<Markup>): Promise<Markup> {
  const parts = answered(model).map(
    async (one) => html`<section id="${idOf(one)}" class="question">
<h2>${one.question || OTHER_VARIANTS}</h2>
${findingList(one.findings)}
${lowered(await content(one.model))}
</section>`,
  );
  return html`${await Promise.all(parts)}`;
}
