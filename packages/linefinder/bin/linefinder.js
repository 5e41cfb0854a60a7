#!/usr/bin/env node
// Here in a checkout before it is built, so that npm can link it.
import '../dist/main.js'
