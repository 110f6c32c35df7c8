/** @module The public API: profiles in, experiments run, results read, compared and rendered. Times are integer microseconds; units are in the names. */
export type { Finding as LintFinding, LintResult, Severity } from './balancer/config/lint/finding.ts';
export { type LintOptions, lintConfig } from './balancer/config/lint/lint.ts';
export {
  type Experiment,
  type ExperimentEvent,
  type ExperimentOptions,
  runExperiment,
} from './experiment/experiment.ts';
export { type ParseOptions, parseProfile } from './experiment/parse-profile.ts';
export type { Plan, Trial, TrialResult } from './experiment/plan/plan.ts';
export { readProfile } from './experiment/read-profile.ts';
export type { Profile, Settings, Variant } from './profile/settings.ts';
export { FORMATS, type Format } from './report/format/names.ts';
export { renderReport } from './report/format/render-report.ts';
export type { RenderedFile } from './report/format/rendered.ts';
export { compare } from './result/comparison/compare-two.ts';
export type {
  Comparison,
  Repetition,
  ResultDocument,
  Summary,
  VariantResult,
  Verdict,
} from './result/document.ts';
export { readResult } from './result/file.ts';
export type { Distribution } from './result/measure/distribution.ts';
export { describeProblem, type Problem, UserError } from './units/user-error.ts';
