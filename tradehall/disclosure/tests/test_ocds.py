"""Open data: every line and stage is valid OCDS, and the API, the export and a later reading say the same."""

import gzip
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import libcoveocds.api
import ocdsmerge
import pytest
from django.test import Client
from libcoveocds.config import LibCoveOCDSConfig

from tradehall.disclosure.ocds import publishing
from tradehall.disclosure.tests.trades import BUILDER, notice, recorded, works
from tradehall.exchange_free import SHARED  # replaced below
