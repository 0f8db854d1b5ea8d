/* Starts a contender in a worker of its own and passes calls on to it. */

const name = new URL(location.href).searchParams.get('contender')
const worker = new Worker(`/${name}.js`, { type: 'module' })
await new Promise<void>((resolve, reject) => {
  worker.addEventListener('message', () => resolve(), { once: true })
  worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true })
})

export interface CacheHost {
  call(method: string, args: readonly unknown[]): Promise<unknown>
}

const cacheHost: CacheHost = {
  call: (method, args) =>
    new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => {
        if ('error' in data) reject(new Error(data.error))
        else resolve(data.value)
        port1.close()
      }
      worker.postMessage({ method, args }, [port2])
    }),
}

Object.assign(globalThis, { cacheHost })
