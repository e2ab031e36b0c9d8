import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  appBackup,
  appManifest,
  configField,
  readyConditions,
  serviceManifest,
} from '../../server/src/domains/catalog/model.ts'
import { bundled, rules } from './lint.ts'

const readme = readFileSync(join(bundled.catalog, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => parse(text!))

/** Names in the first column of all tables. */
const described = new Set(
  [...readme.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  ),
)

describe('the README of the catalog', () => {
  it('shows an app and a service that the check can read', () => {
    const [app, service] = examples
    expect(examples).toHaveLength(2)
    expect(appManifest.safeParse(app).error).toBeUndefined()
    expect(serviceManifest.safeParse(service).error).toBeUndefined()
  })

  it('describes every field of both manifests', () => {
    const fields = [appManifest, serviceManifest, configField, appBackup].flatMap(({ shape }) => Object.keys(shape))
    expect(
      [...fields, ...Object.keys(serviceManifest.shape.apply.element.shape)].filter((name) => !described.has(name)),
    ).toEqual([])
  })

  it('describes every condition', () => {
    expect(readyConditions.filter((name) => !described.has(name))).toEqual([])
  })

  it('lists every rule as `pnpm catalog rules` does', () => {
    const listed = readme.slice(readme.indexOf('| rule |')).trim().split('\n').slice(2)
    expect(listed).toEqual(rules.map(({ name, about }) => `| \`${name}\` | ${about} |`))
  })
})
