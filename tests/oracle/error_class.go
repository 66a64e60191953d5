package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
)

// texts are how net/http words what goes wrong, in the order in which they are looked for, and the class of each.
var texts = []struct{ text, class string }{
	{"http: server closed idle connection", "lost"},
	{"with Body length", "bodyLength"},
	{"Request.ContentLength=", "bodyLength"},
	{"gzip: invalid", "badGzip"},
	{"flate: corrupt", "badGzip"},
	{"timeout awaiting response headers", "responseHeaderTimeout"},
	{"server response headers exceeded", "headTooLarge"},
	{"read on closed response body", "readOnClosedBody"},
	{"malformed HTTP response", "malformedResponse"},
	{"malformed HTTP status code", "malformedStatusCode"},
	{"malformed HTTP version", "malformedVersion"},
	{"malformed MIME header", "malformedHeader"},
	{"unsupported transfer encoding", "unsupportedTransferEncoding"},
	{"too many transfer encodings", "unsupportedTransferEncoding"},
	{"bad trailer key", "forbiddenTrailer"},
	{"Content-Length", "badContentLength"},
	{"suspiciously long trailer", "trailerTooLarge"},
	{"unexpected EOF reading trailer", "unexpectedEof"},
	{"header line too long", "chunkLineTooLong"},
	{"contains too much non-data", "tooMuchChunkOverhead"},
	{"malformed chunked encoding", "malformedChunk"},
	{"invalid byte in chunk length", "malformedChunk"},
	{"empty hex number for chunk length", "malformedChunk"},
	{"http chunk length too large", "malformedChunk"},
	{"chunked line ends with bare LF", "malformedChunk"},
	{"invalid CR in chunked line", "malformedChunk"},
	{"use of closed network connection", "closed"},
	// An older Go does not wrap them, and errors.Is does not see them.
	{"unexpected EOF", "unexpectedEof"},
	{"connection reset by peer", "reset"},
	{"broken pipe", "reset"},
}

// classOf puts an error into one of the classes that error_class.ts names.
func classOf(err error, phase string) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, errSource):
		return "requestBody"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "ECONNREFUSED"
	case err == io.EOF && phase == "head":
		return "lost"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "unexpectedEof"
	}
	text := err.Error()
	for _, known := range texts {
		if strings.Contains(text, known.text) {
			return known.class
		}
	}
	return text
}

// refusal says why the pool did not take a connection back, in the transport's words.
func refusal(err error) string {
	if err == nil {
		return "kept"
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "too many idle connections for host"):
		return "maxIdleConnsPerHost"
	case strings.Contains(text, "too many idle connections"):
		return "maxIdleConns"
	case strings.Contains(text, "CloseIdleConnections was called"):
		return "closeIdleConnections"
	case strings.Contains(text, "keep alives disabled"):
		return "keepAlivesDisabled"
	}
	return text
}
