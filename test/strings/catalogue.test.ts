import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Found, wordsIn } from './words-in.ts'

const web = join(import.meta.dirname, '../../web/src')

const sources = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !/(^strings\/|\.test\.ts$|\.d\.ts$)/.test(path),
)
const foundIn = (path: string): Found[] => wordsIn(readFileSync(join(web, path), 'utf8'))

test('what the web app says is in the catalogue, in no page', () => {
  const found = sources.flatMap((path) => foundIn(path).map(({ line, words }) => `${path}:${line}: ${words}`))
  expect(found, 'Move these to web/src/strings.').toEqual([])
})

test('texts are found wherever a page can hold them', () => {
  const page = `
    const a = <p class="card">Read me <b>{n}</b> <code>wild-cli</code></p>
    const b = <Field label="A label" type="text" name={\`About \${name}\`} placeholder="you@example.com" />
    const c = <Button kind="main" title={busy() ? 'Busy' : text.idle}>{open ? 'Hide' : texts.show}</Button>
    const d = <Show when={x === 'not me'} fallback="None">{y ?? 'Nobody'}</Show>
    const e = <Icon name="check" class="size-4" />
    confirm({ title: \`Delete \${name}?\`, lines: ['It is gone.', ...more], kind: 'danger', href: '/apps' })
    showGood('Saved.')
    const f = { off: ['Off', 'Your router lends them.'], on: ['x', 'flex gap-2'] }
  `
  expect(wordsIn(page).map(({ words }) => words)).toEqual([
    'Read me',
    'A label',
    'About',
    'Busy',
    'Hide',
    'None',
    'Nobody',
    'Delete  ?',
    'It is gone.',
    'Saved.',
    'Your router lends them.',
  ])
})
