#ifndef DAYBOOK_CLIBCRYPTO_SHIM_H
#define DAYBOOK_CLIBCRYPTO_SHIM_H
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <time.h>

// Keys from their parts are made here and not in Swift: a parameter builder keeps the pointers that
// it is given, and Swift lends pointers for one call only.

// The public key that the builder holds, or NULL if it is none, as with a point off its curve. The
// caller frees it.
static inline EVP_PKEY *daybook_public_key(const char *kind, OSSL_PARAM_BLD *builder) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (parameters == NULL || maker == NULL || EVP_PKEY_fromdata_init(maker) != 1
        || EVP_PKEY_fromdata(maker, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX *checker = key == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    if (checker == NULL || EVP_PKEY_public_check(checker) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(checker);
    EVP_PKEY_CTX_free(maker);
    OSSL_PARAM_free(parameters);
    return key;
}

// The key of an encoded point on the curve of that name, or NULL. The caller frees it.
static inline EVP_PKEY *daybook_ec_public_key(
    const char *curve, const unsigned char *point, size_t length) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (builder != NULL
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, length) == 1)
        key = daybook_public_key("EC", builder);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

// The key of a modulus and an exponent, most significant byte first, or NULL. The caller frees it.
static inline EVP_PKEY *daybook_rsa_public_key(
    const unsigned char *modulus, int modulus_length, const unsigned char *exponent,
    int exponent_length) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(modulus, modulus_length, NULL);
    BIGNUM *e = BN_bin2bn(exponent, exponent_length, NULL);
    EVP_PKEY *key = NULL;
    if (builder != NULL && n != NULL && e != NULL
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        key = daybook_public_key("RSA", builder);
    BN_free(e);
    BN_free(n);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

// ECDSA over P-256 with SHA-256 and the nonce of RFC 6979, so that the same key and message give the same
// signature: libcrypto offers it from 3.2 on, and older ones are in use. The scalar arithmetic is libcrypto's,
// in constant time for the nonce, and blinded for the key.

// K and V of RFC 6979, section 3.2: K = HMAC(K, V ‖ mark ‖ more); V = HMAC(K, V).
static inline int daybook_rfc6979_update(
    unsigned char k[32], unsigned char v[32], int mark, const unsigned char *more, size_t length) {
    unsigned char data[32 + 1 + 64];
    unsigned char next[32];
    unsigned int size = 32;
    memcpy(data, v, 32);
    data[32] = (unsigned char)mark;
    if (length > 0) memcpy(data + 33, more, length);
    int is_done = HMAC(EVP_sha256(), k, 32, data, 33 + length, next, &size) != NULL;
    memcpy(k, next, 32);
    is_done = is_done && HMAC(EVP_sha256(), k, 32, v, 32, next, &size) != NULL;
    memcpy(v, next, 32);
    OPENSSL_cleanse(data, sizeof data);
    OPENSSL_cleanse(next, sizeof next);
    return is_done;
}

// r and s for a private key and the number of a digest, or 0. Those that are out of range need another nonce.
static inline int daybook_ecdsa_with_nonce(
    const EC_GROUP *group, const BIGNUM *key, const BIGNUM *number, BIGNUM *nonce, BIGNUM *r, BIGNUM *s,
    BN_CTX *context) {
    const BIGNUM *order = EC_GROUP_get0_order(group);
    EC_POINT *point = EC_POINT_new(group);
    BIGNUM *x = BN_secure_new(), *inverse = BN_secure_new(), *exponent = BN_new();
    BIGNUM *blind = BN_secure_new(), *blinded = BN_secure_new();
    BN_MONT_CTX *mont = BN_MONT_CTX_new();
    int is_done = 0;
    if (point != NULL && x != NULL && inverse != NULL && exponent != NULL && mont != NULL
        && blind != NULL && blinded != NULL) {
        BN_set_flags(nonce, BN_FLG_CONSTTIME);
        is_done = EC_POINT_mul(group, point, nonce, NULL, NULL, context) == 1
            && EC_POINT_get_affine_coordinates(group, point, x, NULL, context) == 1
            && BN_nnmod(r, x, order, context) == 1
            // By Fermat, k^(n−2) is the inverse of k.
            && BN_MONT_CTX_set(mont, order, context) == 1 && BN_copy(exponent, order) != NULL
            && BN_sub_word(exponent, 2) == 1
            && BN_mod_exp_mont_consttime(inverse, nonce, exponent, order, context, mont) == 1
            // (b·z + b·r·d) / (b·k): the key is never multiplied by a number that others know.
            && BN_priv_rand_range(blind, order) == 1 && !BN_is_zero(blind)
            && BN_mod_mul(blinded, blind, r, order, context) == 1
            && BN_mod_mul(x, blinded, key, order, context) == 1
            && BN_mod_mul(blinded, blind, number, order, context) == 1
            && BN_mod_add(x, x, blinded, order, context) == 1
            && BN_mod_mul(s, inverse, x, order, context) == 1
            && BN_mod_exp_mont_consttime(blinded, blind, exponent, order, context, mont) == 1
            && BN_mod_mul(s, s, blinded, order, context) == 1;
    }
    BN_MONT_CTX_free(mont);
    BN_clear_free(blinded);
    BN_clear_free(blind);
    BN_free(exponent);
    BN_clear_free(inverse);
    BN_clear_free(x);
    EC_POINT_free(point);
    return is_done && !BN_is_zero(r) && !BN_is_zero(s);
}

// The signature of a digest in DER; its length, or a number below 1. The caller frees the bytes.
static inline int daybook_ecdsa_p256_sign(
    const EVP_PKEY *pair, const unsigned char digest[32], unsigned char **der) {
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BN_CTX *context = BN_CTX_secure_new();
    BIGNUM *key = NULL, *number = BN_bin2bn(digest, 32, NULL), *nonce = BN_secure_new();
    BIGNUM *r = BN_new(), *s = BN_new();
    unsigned char k[32] = {0}, v[32], seed[64];
    int length = -1, is_signed = 0;
    *der = NULL;
    memset(v, 1, sizeof v);
    if (group != NULL && context != NULL && number != NULL && nonce != NULL && r != NULL && s != NULL
        && EVP_PKEY_get_bn_param(pair, OSSL_PKEY_PARAM_PRIV_KEY, &key) == 1
        && BN_nnmod(number, number, EC_GROUP_get0_order(group), context) == 1
        && BN_bn2binpad(key, seed, 32) == 32 && BN_bn2binpad(number, seed + 32, 32) == 32
        && daybook_rfc6979_update(k, v, 0, seed, 64) == 1 && daybook_rfc6979_update(k, v, 1, seed, 64) == 1) {
        unsigned int size = 32;
        BN_set_flags(key, BN_FLG_CONSTTIME);
        // A number out of range comes once in 2^32 times.
        for (int attempt = 0; attempt < 64 && !is_signed; attempt++) {
            unsigned char next[32];
            if (attempt > 0 && daybook_rfc6979_update(k, v, 0, NULL, 0) != 1) break;
            if (HMAC(EVP_sha256(), k, 32, v, 32, next, &size) == NULL) break;
            memcpy(v, next, 32);
            OPENSSL_cleanse(next, sizeof next);
            is_signed = BN_bin2bn(v, 32, nonce) != NULL && !BN_is_zero(nonce)
                && BN_cmp(nonce, EC_GROUP_get0_order(group)) < 0
                && daybook_ecdsa_with_nonce(group, key, number, nonce, r, s, context);
        }
    }
    ECDSA_SIG *signature = is_signed ? ECDSA_SIG_new() : NULL;
    if (signature != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
        r = NULL;
        s = NULL;
        length = i2d_ECDSA_SIG(signature, der);
    }
    ECDSA_SIG_free(signature);
    BN_free(s);
    BN_free(r);
    BN_clear_free(nonce);
    BN_free(number);
    BN_clear_free(key);
    OPENSSL_cleanse(k, sizeof k);
    OPENSSL_cleanse(v, sizeof v);
    OPENSSL_cleanse(seed, sizeof seed);
    BN_CTX_free(context);
    EC_GROUP_free(group);
    return length;
}

// Time stamps (RFC 3161). What libcrypto's TS_* functions give and take belongs to each other in ways
// that only C says well, so a request, a reading and a verification are one function each.

// The DER of a request for a SHA-256 digest, that asks for the authority's certificate; its length, or
// a number below 1. The caller frees the bytes.
static inline int daybook_timestamp_request(
    const unsigned char *digest, const unsigned char *nonce, int nonce_length, unsigned char **der) {
    TS_REQ *request = TS_REQ_new();
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    BIGNUM *number = BN_bin2bn(nonce, nonce_length, NULL);
    ASN1_INTEGER *integer = number == NULL ? NULL : BN_to_ASN1_INTEGER(number, NULL);
    int length = -1;
    *der = NULL;
    if (request != NULL && imprint != NULL && algorithm != NULL && integer != NULL
        && X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1
        && TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1
        && TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest, 32) == 1
        && TS_REQ_set_version(request, 1) == 1 && TS_REQ_set_msg_imprint(request, imprint) == 1
        && TS_REQ_set_nonce(request, integer) == 1 && TS_REQ_set_cert_req(request, 1) == 1)
        length = i2d_TS_REQ(request, der);
    ASN1_INTEGER_free(integer);
    BN_free(number);
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(imprint);
    TS_REQ_free(request);
    return length;
}

typedef struct {
    long status;
    int is_sha256;
    unsigned char digest[32];
    long long seconds;  // since 1970
    int nonce_length;   // 0 without one, -1 if it is longer than this
    unsigned char nonce[32];
} daybook_timestamp;

// What a response and its token say; 1, or 0 if the bytes are not exactly one response.
static inline int daybook_timestamp_read(
    const unsigned char *bytes, long length, daybook_timestamp *told) {
    const unsigned char *end = bytes;
    TS_RESP *response = d2i_TS_RESP(NULL, &end, length);
    int is_read = 0;
    memset(told, 0, sizeof *told);
    if (response != NULL && end == bytes + length) {
        told->status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)));
        TS_TST_INFO *info = TS_RESP_get_tst_info(response);
        is_read = info == NULL;
        struct tm moment;
        if (info != NULL && ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &moment) == 1) {
            is_read = 1;
            told->seconds = (long long)timegm(&moment);
            TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
            const ASN1_OBJECT *name = NULL;
            X509_ALGOR_get0(&name, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
            ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(imprint);
            told->is_sha256 = OBJ_obj2nid(name) == NID_sha256 && ASN1_STRING_length(digest) == 32;
            if (told->is_sha256) memcpy(told->digest, ASN1_STRING_get0_data(digest), 32);
            const ASN1_INTEGER *nonce = TS_TST_INFO_get_nonce(info);
            BIGNUM *number = nonce == NULL ? NULL : ASN1_INTEGER_to_BN(nonce, NULL);
            if (number != NULL) {
                int size = BN_num_bytes(number);
                told->nonce_length = size > 32 || BN_is_negative(number) ? -1 : size;
                if (told->nonce_length > 0) BN_bn2bin(number, told->nonce);
            }
            BN_free(number);
        }
    }
    TS_RESP_free(response);
    return is_read;
}

// How many certificates a PEM text holds, or -1 if one cannot be read; each is added to what is trusted,
// and to what may stand between, where these are given.
static inline int daybook_read_certificates(
    const unsigned char *pem, int length, X509_STORE *trusted, STACK_OF(X509) *between) {
    ERR_clear_error();
    BIO *input = BIO_new_mem_buf(pem, length);
    X509 *certificate = NULL;
    int count = 0;
    while (input != NULL && (certificate = PEM_read_bio_X509(input, NULL, NULL, NULL)) != NULL) {
        count += 1;
        if (trusted != NULL) X509_STORE_add_cert(trusted, certificate);
        if (between == NULL || sk_X509_push(between, certificate) == 0) X509_free(certificate);
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) count = -1;
    BIO_free(input);
    ERR_clear_error();
    return count;
}

// Whether the token of a response is over these data, and was signed by an authority that leads to one
// of the certificates, as they were at a time.
static inline int daybook_timestamp_verify(
    const unsigned char *bytes, long length, const unsigned char *data, int data_length,
    const unsigned char *pem, int pem_length, long long seconds) {
    TS_RESP *response = d2i_TS_RESP(NULL, &bytes, length);
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    X509_STORE *trusted = X509_STORE_new();
    STACK_OF(X509) *between = sk_X509_new_null();
    BIO *input = BIO_new_mem_buf(data, data_length);
    int is_good = 0;
    if (response != NULL && context != NULL && trusted != NULL && between != NULL && input != NULL) {
        daybook_read_certificates(pem, pem_length, trusted, between);
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(trusted), (time_t)seconds);
        // The context owns these from here on.
        TS_VERIFY_CTX_set_store(context, trusted);
        TS_VERIFY_CTX_set_certs(context, between);
        TS_VERIFY_CTX_set_data(context, input);
        TS_VERIFY_CTX_add_flags(
            context, TS_VFY_VERSION | TS_VFY_SIGNER | TS_VFY_DATA | TS_VFY_SIGNATURE);
        trusted = NULL;
        between = NULL;
        input = NULL;
        is_good = TS_RESP_verify_response(context, response) == 1;
    }
    BIO_free(input);
    sk_X509_pop_free(between, X509_free);
    X509_STORE_free(trusted);
    TS_VERIFY_CTX_free(context);
    TS_RESP_free(response);
    ERR_clear_error();
    return is_good;
}
#endif
