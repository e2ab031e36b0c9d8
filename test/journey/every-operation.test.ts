import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, startDaemon } from '../world.ts'
import { mutations } from './support/mutations.ts'
import { notMutated, provenElsewhere } from './support/proven-elsewhere.ts'
import { stages } from './support/stages.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
let types: string[]
beforeAll(async () => {
  daemon = await startDaemon()
  types = (await daemon.rest('GET', '/operations/types')).body.data.types
})
afterAll(() => daemon.stop())

const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

describe('every type of operation that can be started', () => {
  it('is a stage of the walk that kills the daemon at each step, or says where it is proven', () => {
    const walked = stages.map(({ type }) => type)
    expect(sorted([...walked, ...Object.keys(provenElsewhere)])).toEqual(sorted(types))
    expect(walked.filter((type) => type in provenElsewhere)).toEqual([])
  })

  it('has a step left out by the mutation test, or says what else would notice', () => {
    const known = sorted([...mutations.map(({ type }) => type), ...Object.keys(notMutated)])
    expect(known).toEqual(sorted(types))
  })

  it.each(Object.entries(provenElsewhere))('%s is asked for by the test that is named', (_type, { test, asks }) => {
    expect(readFileSync(join(root, test), 'utf8')).toContain(asks)
  })
})
