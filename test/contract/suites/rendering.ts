import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readWorld } from '../../../catalog/tools/lint.ts'
import { parseYamlContext, render, TemplateError } from '../../../server/src/templates/index.ts'
import { pick } from '../../depth.ts'
import { root, temporaryFolder } from '../../world.ts'
import { outcome, type Suite } from '../suite.ts'
import { generatedTemplates } from './template-generator.ts'

const run = promisify(execFile)
const generated = pick({ quick: 100, ci: 2_000, full: 5_000 })
const vectors = join(root, 'server/src/templates/vectors')

type Rendered = { output: string } | { error: string }

function ours(template: string, context: ReturnType<typeof parseYamlContext>): Rendered {
  try {
    return { output: render(template, context, { name: 't.tmpl' }) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: placeOf(error.message) }
    throw error
  }
}

/** Where an error is: the words may differ, the place must not. */
const placeOf = (message: string): string => /t\.tmpl:\d+(:\d+)?/.exec(message)?.[0] ?? message

/** Recorded, catalog and generated templates: our renderer and gomplate write the same bytes or fail at the same place. */
export const renderingSuite: Suite = {
  title: 'templates: recorded, of the catalog, generated',
  needs: ['gomplate'],
  async run(tools) {
    const result = outcome()
    const folder = temporaryFolder('contract')
    const [file, contextFile] = [join(folder.path, 't.tmpl'), join(folder.path, 'context.yaml')]
    async function theirs(template: string, contextText: string): Promise<Rendered> {
      writeFileSync(file, template)
      writeFileSync(contextFile, contextText)
      try {
        const args = ['-c', '.=context.yaml', '-f', 't.tmpl', '-o', '-']
        return { output: (await run(tools.get('gomplate')!, args, { cwd: folder.path, maxBuffer: 1e8 })).stdout }
      } catch (error) {
        return { error: placeOf(String((error as { stderr?: string }).stderr)) }
      }
    }
    async function compare(template: string, contextText: string): Promise<void> {
      result.same(
        JSON.stringify(template),
        ours(template, parseYamlContext(contextText)),
        await theirs(template, contextText),
      )
    }
    const recorded = readFileSync(`${vectors}.context.yaml`, 'utf8')
    for (const line of readFileSync(`${vectors}.jsonl`, 'utf8').trim().split('\n'))
      await compare(JSON.parse(line)[0], recorded)
    const { builds } = await readWorld()
    for (const { entry, scenario } of builds)
      for (const [path, text] of entry.source.files)
        if (path.endsWith('.yaml') && text.includes('{{')) await compare(text, JSON.stringify(scenario.config))
    for (const template of generatedTemplates(generated)) await compare(template, recorded)
    folder.remove()
    return result
  },
}
