"""Windows machines read over WS-Management ([MS-WSMV], DSP0226): what is sent can only read."""
