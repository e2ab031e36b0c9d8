import type { GoFunction } from '../values.ts'
import { base64 } from './base64.ts'
import { builtin } from './builtin.ts'
import { coll } from './coll.ts'
import { conv } from './conv.ts'
import { crypto } from './crypto.ts'
import { data, datasources } from './data.ts'
import { type FunctionModule, fixed, Namespace } from './declare.ts'
import { env, file } from './env.ts'
import { math } from './math.ts'
import { filepath, path } from './paths.ts'
import { random } from './random.ts'
import { regexp } from './regexp.ts'
import { semver } from './semver.ts'
import { goOrderStrings, strings } from './strings.ts'
import { test } from './test.ts'
import { time } from './time.ts'
import { tmpl } from './tmpl.ts'
import { uuid } from './uuid.ts'

const modules: FunctionModule[] = [
  builtin,
  base64,
  coll,
  conv,
  crypto,
  data,
  datasources,
  env,
  file,
  filepath,
  goOrderStrings,
  math,
  path,
  random,
  regexp,
  semver,
  strings,
  test,
  time,
  tmpl,
  uuid,
]

function namespaceType(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}Funcs`
}

function register(all: FunctionModule[]): Map<string, GoFunction> {
  const table = new Map<string, GoFunction>()
  for (const { name, functions, aliases = {} } of all) {
    if (name) {
      const namespace = new Namespace(namespaceType(name), functions)
      const answer = fixed([], () => namespace)
      table.set(name, answer)
    } else {
      for (const [short, target] of Object.entries(functions)) table.set(short, target)
    }
    for (const [short, target] of Object.entries(aliases)) {
      const found = functions[target]
      if (found) table.set(short, found)
    }
  }
  return table
}

/** Every function templates can call by a plain name; a namespace is a function that answers a Namespace. */
export const functionTable: ReadonlyMap<string, GoFunction> = register(modules)
