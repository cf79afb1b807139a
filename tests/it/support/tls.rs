//! A server whose certificate nobody vouches for.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
};

/// A server on `localhost` that answers every request with 503 over TLS; its certificate vouches
/// for itself. Its port, and the certificate as PEM.
pub fn self_signed_server() -> (u16, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let names = vec!["localhost".to_owned()];
    let issued = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(issued.signing_key.serialize_der())
        .expect("a key");
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![issued.cert.der().clone()], key)
        .expect("a server");
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let tls = rustls::ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = rustls::StreamOwned::new(tls, connection);
            // A client that does not trust the certificate goes away here.
            if !stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
                continue;
            }
            let answer = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
            let _ = stream.write_all(answer).and_then(|()| stream.flush());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (port, issued.cert.pem())
}
