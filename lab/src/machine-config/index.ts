export { ConfigError, decodeConfig, type MachineConfig, type Tree } from './decode.ts'
export { encodeConfig, encodeYaml } from './encode.ts'
export { patchConfig } from './patch.ts'
export { type Findings, validateConfig } from './validate.ts'
