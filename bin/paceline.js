#!/usr/bin/env node
require('../bundle/cli/main.js');
