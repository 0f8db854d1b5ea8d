// The bridge as the page's first script found it.
globalThis.bridgeAtStart = typeof globalThis.bridge

const worker = new SharedWorker('worker.js', { type: 'module', name: 'notes' })
const waiting = []
worker.port.onmessage = ({ data }) => waiting.shift()?.(data)

globalThis.askWorker = (message) =>
  new Promise((resolve) => {
    waiting.push(resolve)
    worker.port.postMessage(message)
  })

globalThis.echoOverWebSocket = (url, text) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.onopen = () => socket.send(text)
    socket.onmessage = ({ data }) => {
      socket.close()
      resolve(data)
    }
    socket.onerror = () => reject(new Error('no connection'))
  })

globalThis.microphone = () =>
  navigator.mediaDevices.getUserMedia({ audio: true }).then(
    (stream) => `${stream.getAudioTracks().length} track`,
    (error) => error.name,
  )
