import { asc, eq } from 'drizzle-orm'
import { commandsTable, type Db } from '../platform/db.ts'
import type { OperationRecord } from './record.ts'

/** What a masked secret looks like in recorded input. */
const masked = '***'

/** `apps.ghost.dbPassword` → `APPS_GHOST_DBPASSWORD`: a variable a person fills in. */
function variableName(key: string, taken: Map<string, string>): string {
  const base = `SECRET_${key.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}`
  let name = base
  for (let number = 2; taken.has(name); number++) name = `${base}_${number}`
  return name
}

/** Replaces masked values in a JSON document by shell variables named after their keys. */
function withVariables(value: unknown, key: string, variables: Map<string, string>): unknown {
  if (typeof value === 'string' && value.includes(masked)) {
    const name = variableName(key, variables)
    variables.set(name, key)
    return value.replaceAll(masked, `\${${name}}`)
  }
  if (Array.isArray(value)) return value.map((item) => withVariables(item, key, variables))
  if (value && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([inner, item]) => [inner, withVariables(item, inner, variables)]),
    )
  return value
}

/** Text for a here-document that expands variables: everything else the shell would read is escaped. */
function escapeHere(text: string): string {
  return text.replace(/[\\`]|\$(?!\{SECRET_\w+\})/g, (found) => `\\${found}`)
}

/** A shell function that prints the input; a person can read it, and change it, in one place. */
function inputFunction(name: string, input: string, variables: Map<string, string>): string {
  let text = input
  try {
    text = JSON.stringify(withVariables(JSON.parse(input), 'value', variables), null, 2)
  } catch {
    text = input.replaceAll(masked, () => {
      const variable = variableName('value', variables)
      variables.set(variable, 'value')
      return `\${${variable}}`
    })
  }
  return `${name}() {\n  cat <<WILD_INPUT\n${escapeHere(text)}\nWILD_INPUT\n}`
}

/**
 * An operation as a runnable, commented shell script of the commands it ran, to learn from or repeat by hand. A read
 * that was repeated within a step stands once. Secrets are variables to fill in (base64 where Kubernetes wants it);
 * files the daemon wrote itself are named in the log.
 */
export function operationScript(db: Db, record: OperationRecord): string {
  const commands = db
    .select()
    .from(commandsTable)
    .where(eq(commandsTable.operation, record.id))
    .orderBy(asc(commandsTable.id))
    .all()
  const titles = new Map(record.steps.map(({ id, title }) => [id, title]))
  const variables = new Map<string, string>()
  const inputs = new Map<string, string>()
  const said = new Set<string>()
  const body: string[] = []
  let step: string | null = null
  let environment = ''

  function inputName(input: string): string {
    const known = inputs.get(input)
    if (known) return known
    const name = `input_${inputs.size + 1}`
    inputs.set(input, name)
    body.push(inputFunction(name, input, variables))
    return name
  }

  for (const { command, input, step: at, env, exitCode } of commands) {
    if (at !== step) {
      step = at
      said.clear()
      body.push('', `# ${titles.get(step ?? '') ?? 'Preparing'}`)
    }
    const key = `${command}\n${input ?? ''}`
    if (said.has(key)) continue
    said.add(key)
    const exports = Object.entries((env ?? {}) as Record<string, string>).map(
      ([name, value]) => `export ${name}='${value}'`,
    )
    if (exports.length && exports.join('\n') !== environment) {
      environment = exports.join('\n')
      body.push(environment)
    }
    const piped = input ? `${inputName(input)} | ${command}` : command
    body.push(exitCode ? `${piped} || true # it ended with exit code ${exitCode}` : piped)
  }
  if (commands.length === 0) body.push('', '# It ran no commands.')
  return `${[...header(record, variables), ...body].join('\n')}\n`
}

function header(record: OperationRecord, variables: Map<string, string>): string[] {
  const wanted = [...variables].map(([name, key]) => `: "\${${name}:?set it to the value of ${key}}"`)
  return [
    '#!/usr/bin/env bash',
    `# ${record.title} (${record.id}, ${record.status}, ${record.createdAt}).`,
    '# The commands Wild Central ran, in order. Files it wrote itself are named in the log of the operation.',
    'set -euo pipefail',
    ...(wanted.length ? ['', '# Secrets are not written down; give them as variables.', ...wanted] : []),
  ]
}
