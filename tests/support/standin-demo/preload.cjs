const { contextBridge, ipcRenderer } = require('electron')

let secret = 'only the preload knows'

contextBridge.exposeInMainWorld('bridge', {
  invoke: (channel, value) => ipcRenderer.invoke(channel, value),
  ping: (count) => ipcRenderer.send('ping', count),
  onPong: (listener) => {
    const heard = (_event, count) => listener(count)
    ipcRenderer.on('pong', heard)
    return () => ipcRenderer.removeListener('pong', heard)
  },
  countLetters: () => secret.length,
  titleWhenExposed: document.title,
})
window.leaked = secret
secret = 'twelve chars'
