// SPDX-License-Identifier: Apache-2.0
// The key files of Bouncy Castle, for key_files.py; usage: java -cp bcprov.jar:bcpkix.jar:bcutil.jar key_files.java FOLDER.
// Prints "FILE PUBLIC-KEY", in hex, for each. Minutes of it are the two costly ones of scrypt.
import java.io.FileWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.util.PBKDFConfig;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.bouncycastle.util.encoders.Hex;

class KeyFiles {
    static final char[] PASSPHRASE = "a castle".toCharArray();
    static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
    static Path folder;

    static KeyPair pair(String kind) throws Exception {
        return KeyPairGenerator.getInstance(kind, PROVIDER).generateKeyPair();
    }

    static byte[] raw(KeyPair pair) {
        return SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()).getPublicKeyData().getBytes();
    }

    static void write(String name, KeyPair pair, PrivateKeyInfo info, OutputEncryptor encryptor) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new PKCS8Generator(info, encryptor));
        }
        Files.writeString(folder.resolve(name), text.toString());
        System.out.println(name + " " + Hex.toHexString(raw(pair)));
    }

    static void write(String name, String kind, OutputEncryptor encryptor) throws Exception {
        KeyPair pair = pair(kind);
        write(name, pair, PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded()), encryptor);
    }

    static OutputEncryptor scrypt(int n, int r, int p) throws Exception {
        PBKDFConfig config = new ScryptConfig.Builder(n, r, p).withSaltLength(16).build();
        return new JcePKCSPBEOutputEncryptorBuilder(config, NISTObjectIdentifiers.id_aes256_CBC).setProvider(PROVIDER).build(PASSPHRASE);
    }

    static OutputEncryptor pbkdf2(ASN1ObjectIdentifier cipher) throws Exception {
        JceOpenSSLPKCS8EncryptorBuilder builder = new JceOpenSSLPKCS8EncryptorBuilder(cipher);
        return builder.setProvider(PROVIDER).setPassword(PASSPHRASE).build();
    }

    public static void main(String[] args) throws Exception {
        folder = Path.of(args[0]);
        write("castle-clear.key", "X25519", null);
        write("castle-sign.key", "Ed25519", null);
        write("castle-pbkdf2.key", "X25519", pbkdf2(NISTObjectIdentifiers.id_aes256_CBC));
        write("castle-pbkdf2-sign.key", "Ed25519", pbkdf2(NISTObjectIdentifiers.id_aes256_CBC));
        write("castle-scrypt.key", "X25519", scrypt(32768, 8, 1));
        write("castle-scrypt-p64.key", "X25519", scrypt(1024, 8, 64));
        write("castle-scrypt-most.key", "X25519", scrypt(262144, 8, 1));
        write("castle-scrypt-memory.key", "X25519", scrypt(524288, 8, 1));
        write("castle-scrypt-p65.key", "X25519", scrypt(1024, 8, 65));
        write("castle-scrypt-work.key", "X25519", scrypt(131072, 8, 33));
        write("castle-aes192.key", "X25519", pbkdf2(NISTObjectIdentifiers.id_aes192_CBC));
        KeyPair one = pair("X25519"), other = pair("X25519");
        PrivateKeyInfo own = PrivateKeyInfo.getInstance(one.getPrivate().getEncoded());
        write("castle-other-public.key", one,
              new PrivateKeyInfo(own.getPrivateKeyAlgorithm(), own.parsePrivateKey(), null, raw(other)), null);
    }
}
