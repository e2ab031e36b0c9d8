import { runProgram } from '../src/talosctl/program.ts'
import { overWire } from './transport.ts'

// The stand-in's command line, talking to machines the way the real client does.
await runProgram(overWire)
