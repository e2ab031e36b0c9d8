import { For, Show } from 'solid-js'
import { nodesText } from '../../strings/nodes.ts'
import { bytes } from '../../ui/time.ts'
import type { Machine } from './machine.ts'

const texts = nodesText.hardware

function speedText({ up, speed }: { up: boolean; speed: number | null }): string {
  if (!up) return texts.noCable
  if (!speed) return texts.up
  return speed >= 1000 ? `${speed / 1000} Gbit/s` : `${speed} Mbit/s`
}

/** What the machine is made of, and what is wrong with it where it is. */
export function Hardware(props: { machine: Machine }) {
  const identity = () =>
    [props.machine.serial && texts.serial(props.machine.serial), props.machine.uuid].filter(Boolean).join(' · ')
  return (
    <div class="w-full text-sm">
      <Show when={props.machine.problem}>
        {(problem) => <p class="text-bad wrap-anywhere">{texts.careful(problem())}</p>}
      </Show>
      <Show when={props.machine.interfaces.length + props.machine.disks.length > 0}>
        <details>
          <summary class="text-quiet cursor-pointer">{texts.title}</summary>
          <ul class="grid gap-1 mt-1 text-quiet wrap-anywhere">
            <Show when={identity()}>
              <li>{identity()}</li>
            </Show>
            <For each={props.machine.interfaces}>
              {(link) => (
                <li>
                  {link.name}: {speedText(link)}, {link.mac} {link.addresses.join(', ')}
                  {link.name === props.machine.interface ? ` ${texts.chosen(props.machine.interfaceReason)}` : ''}
                </li>
              )}
            </For>
            <For each={props.machine.disks}>
              {(disk) => (
                <li>
                  {disk.path}: {[disk.model, bytes(Number(disk.size))].filter(Boolean).join(', ')}
                  {disk.holds ? texts.holds(disk.holds) : ''}
                  {disk.unsuitable ? ` (${disk.unsuitable})` : ''}
                </li>
              )}
            </For>
          </ul>
        </details>
      </Show>
    </div>
  )
}
