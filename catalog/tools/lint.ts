import { fileURLToPath } from 'node:url'
import { type Problem, tidy } from './problem.ts'
import { backupRules } from './rules/backups.ts'
import { doctorRules } from './rules/doctor.ts'
import { ingressRules } from './rules/ingress.ts'
import { jobRules } from './rules/jobs.ts'
import { manifestRules } from './rules/manifests.ts'
import { neighbourRules } from './rules/neighbours.ts'
import { placementRules } from './rules/placement.ts'
import { readinessRules } from './rules/readiness.ts'
import { referenceRules } from './rules/references.ts'
import type { Rule } from './rules/rule.ts'
import { secretRules } from './rules/secrets.ts'
import { selectorRules } from './rules/selectors.ts'
import { settingRules } from './rules/settings.ts'
import { templateRules } from './rules/templates.ts'
import { workloadRules } from './rules/workloads.ts'
import { readSources } from './sources.ts'
import { makeWorld, type World } from './world.ts'

/** Every rule of the catalog. */
export const rules: readonly Rule[] = [
  ...manifestRules,
  ...settingRules,
  ...templateRules,
  ...secretRules,
  ...selectorRules,
  ...referenceRules,
  ...neighbourRules,
  ...workloadRules,
  ...ingressRules,
  ...placementRules,
  ...jobRules,
  ...readinessRules,
  ...backupRules,
  ...doctorRules,
]

/** The bundled catalog and the releases it builds on, as the lab mirrors them. */
export const bundled = {
  catalog: fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''),
  mirror: fileURLToPath(new URL('../../lab/mirror', import.meta.url)),
}

/** Everything in a catalog that breaks one of these rules. */
export const judge = (world: World, by: readonly Rule[] = rules): Problem[] =>
  tidy(by.flatMap(({ name, check }) => check(world).map((finding) => ({ rule: name, ...finding }))))

/**
 * Reads, renders and builds a catalog.
 * @param catalog its folder
 * @param mirror folder with the releases it builds on, HOST/PATH
 */
export async function readWorld({ catalog, mirror } = bundled): Promise<World> {
  return makeWorld(await readSources(catalog), { mirror })
}
