// Writes a YAML file for ever, acknowledging each change on stdout: killed by a test at any moment.
import { createYamlFile } from '../platform/yaml-file.ts'

const file = createYamlFile(process.argv[2]!, 'config.yaml')
for (let n = 1; ; n++) {
  process.stdout.write(`try ${n}\n`)
  await file.change([
    { path: ['count'], value: n },
    { path: ['deep', `key${n % 50}`], value: 'x'.repeat((n * 977) % 5_000) },
    { path: ['copy'], value: n },
  ])
  process.stdout.write(`did ${n}\n`)
}
