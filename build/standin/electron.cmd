@echo off
rem Stands where Electron's executable would, on Windows: see the file named electron.
setlocal
set "ADVISER_DESKTOP_STANDIN_EXE=%~f0"
set "node=%~dp0..\..\node_modules\node\bin\node.exe"
if defined ADVISER_DESKTOP_NODE set "node=%ADVISER_DESKTOP_NODE%"
if not exist "%node%" set "node=node"
if defined ELECTRON_RUN_AS_NODE (
  "%node%" %*
) else (
  "%node%" --unhandled-rejections=warn --disable-warning=ExperimentalWarning "%~dp0main.ts" %*
)
exit /b %errorlevel%
