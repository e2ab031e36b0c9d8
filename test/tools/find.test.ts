import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../world.ts'
import { find, searchPath } from './find.ts'
import { type Tool, tools } from './table.ts'

const kustomize = tools.find(({ name }) => name === 'kustomize')!
let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder('tools')
})
afterEach(() => folder.remove())

/** A program in one of the places that are looked through. */
function put(place: string, tool: Tool, script: string, mode = 0o755): string {
  mkdirSync(join(folder.path, place), { recursive: true })
  const path = join(folder.path, place, tool.name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode })
  return path
}
const look = (limitMs?: number) =>
  find(
    kustomize,
    {
      PATH: `${folder.path}/first:${folder.path}/second:/bin`,
      XDG_CACHE_HOME: join(folder.path, 'cache'),
      KUBEBUILDER_ASSETS: join(folder.path, 'assets'),
    },
    limitMs,
  )

describe('a tool', () => {
  it('is looked for on PATH, in our cache, then in $KUBEBUILDER_ASSETS', () => {
    const env = { PATH: '/a:/b', XDG_CACHE_HOME: '/c', KUBEBUILDER_ASSETS: '/d' }
    expect(searchPath(env).slice(0, 4)).toEqual(['/a', '/b', '/c/wild-central/tools/bin', '/d'])
  })

  it('is told with its version', async () => {
    const path = put('second', kustomize, 'echo v5.7.1')
    expect(await look()).toMatchObject({ path, version: 'v5.7.1' })
    expect((await look()).trouble).toBeUndefined()
  })

  it('of the same name that is something else, or an old one, is passed over', async () => {
    put('first', kustomize, 'echo kustomize the racing game 0.3')
    const path = put('assets', kustomize, 'echo v5.5.0')
    expect(await look()).toMatchObject({ path, version: 'v5.5.0' })
  })

  it('that is not there has no path', async () => {
    expect(await look()).toEqual({ tool: kustomize })
  })

  it('that may not be run is not there', async () => {
    put('first', kustomize, 'echo v5.7.1', 0o644)
    expect(await look()).toEqual({ tool: kustomize })
  })

  it('that fails, or does not answer, is told with its trouble', async () => {
    put('first', kustomize, 'exit 3')
    expect((await look()).trouble).toBe('does not run (3)')
    put('first', kustomize, 'exec sleep 60')
    expect((await look(200)).trouble).toBe('did not answer within 0.2 s')
  })
})
